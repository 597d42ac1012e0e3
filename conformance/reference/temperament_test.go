package reference_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

// wander makes random calls of an endpoint.
func wander(o *oracle, seed uint64, steps int) *oracle {
	r := rand.New(rand.NewPCG(seed, 7))
	const n = 5
	created := model.Handle(0)
	for range steps {
		if o.doubt != "" {
			return o
		}
		switch {
		case created < n && r.IntN(4) == 0:
			created++
			o.ask(drawCreate(r, created, int(created)-1))
		case created > 0 && r.IntN(3) == 0:
			op := drawStream(r, 1+model.Handle(r.IntN(int(created))), o.streams)
			if reply := o.ask(op); op.Name() == (model.CreateStream{}).Name() && !reply.Refused() {
				o.streams++
			}
		default:
			o.ask(draw(r, int(created)))
		}
		o.clock.pass(time.Duration(r.IntN(int(settle / 2))))
		if r.IntN(10) == 0 {
			o.clock.pass(settle + time.Second)
		}
		if r.IntN(25) == 0 {
			o.clock.pass(90 * time.Second)
		}
	}
	o.clock.pass(2 * settle)
	for h := model.Handle(1); h <= created && !o.blind; h++ {
		o.overdue(h)
	}
	return o
}

// A temperament that names a transition of which there is none does nothing, and
// says that it does.
func TestEveryWayAndHoldNamesATransitionOfTheService(t *testing.T) {
	free, fair := map[model.RuleID]bool{}, map[model.RuleID]bool{}
	for _, row := range model.Transitions() {
		free[row.ID] = row.By == model.ByService
		fair[row.ID] = row.By == model.ByService && row.Fair
	}
	for _, row := range model.StreamTransitions() {
		free[row.ID] = row.By == model.ByService
	}
	for _, temperament := range reference.Temperaments() {
		for _, way := range temperament.Ways {
			if !free[way.Take] {
				t.Errorf("%s: got way %s, want a transition that the service takes", temperament.Name, way.Take)
			}
		}
		for _, id := range temperament.Holds {
			if !fair[id] {
				t.Errorf("%s: got hold %s, want a fair transition of a cluster", temperament.Name, id)
			}
		}
	}
}

func TestEveryTemperamentIsLegal(t *testing.T) {
	for _, temperament := range reference.Temperaments() {
		t.Run(temperament.Name, func(t *testing.T) {
			for seed := range uint64(12) {
				wander(newOracle(t, temperament, seed), seed, 40)
			}
		})
	}
}

// furnish makes random calls about the policy, the key and the streams of one
// cluster, that is ACTIVE for the most part.
func furnish(o *oracle, seed uint64, steps int) *oracle {
	r := rand.New(rand.NewPCG(seed, 11))
	o.ask(model.CreateCluster{As: 1, Region: "us-east-1", Protection: model.Off})
	o.clock.pass(2 * settle)
	for range steps {
		if o.doubt != "" {
			return o
		}
		var op model.Op = model.GetCluster{Ref: model.C(1)}
		switch r.IntN(8) {
		case 0, 1, 2:
			op = drawStream(r, 1, o.streams)
		case 3, 4:
			op = drawPolicy(r, model.C(1))
		case 5:
			if r.IntN(6) == 0 {
				op = model.UpdateCluster{Ref: model.C(1), Key: model.Some([]string{"AWS_OWNED_KMS_KEY", "arn:aws:kms:us-east-1:123456789012:key/k"}[r.IntN(2)])}
			}
		}
		if reply := o.ask(op); op.Name() == (model.CreateStream{}).Name() && !reply.Refused() {
			o.streams++
		}
		o.clock.pass(time.Duration(r.IntN(int(settle))))
		if r.IntN(25) == 0 {
			o.clock.pass(90 * time.Second)
		}
	}
	return o
}

func TestEveryTemperamentFurnishesAClusterLegally(t *testing.T) {
	for _, temperament := range reference.Temperaments() {
		t.Run(temperament.Name, func(t *testing.T) {
			for seed := range uint64(8) {
				furnish(newOracle(t, temperament, seed), seed, 80)
			}
		})
	}
}

func TestATemperamentIsDeterministic(t *testing.T) {
	for _, temperament := range reference.Temperaments() {
		a, b := wander(newOracle(t, temperament, 3), 3, 60), wander(newOracle(t, temperament, 3), 3, 60)
		if !slices.Equal(a.log, b.log) {
			t.Errorf("%s: got two different conversations for one seed", temperament.Name)
		}
	}
}

func TestTheTemperamentsTakeBothBranchesOfMayRules(t *testing.T) {
	total := map[model.RuleID]reference.Tally{}
	for _, temperament := range reference.Temperaments() {
		for seed := range uint64(30) {
			o := newOracle(t, temperament, seed)
			o.blind = true
			f := newOracle(t, temperament, seed)
			f.blind = true
			for _, o := range []*oracle{wander(o, seed, 60), furnish(f, seed, 60)} {
				for id, n := range o.endpoint.Coverage() {
					was := total[id]
					total[id] = reference.Tally{Offered: was.Offered + n.Offered, Chosen: was.Chosen + n.Chosen, Refused: was.Refused + n.Refused}
				}
			}
		}
	}
	both, offered := 0, 0
	for _, id := range slices.Sorted(maps.Keys(total)) {
		n := total[id]
		if rule, _ := model.LookupRule(id); rule.Force != model.May || n.Offered == 0 {
			continue
		}
		offered++
		if n.Chosen > 0 && n.Chosen < n.Offered || n.Refused > 0 && n.Refused < n.Chosen {
			both++
			continue
		}
		t.Logf("one branch of %s alone: %+v", id, n)
	}
	if both < 60 || both < offered-10 {
		t.Errorf("got both branches of %d of %d May rules, want nearly all", both, offered)
	}
}

func TestNoTemperamentBreaksAShould(t *testing.T) {
	const mark = "breaks a rule"
	marked := func(w model.World, op model.Op) []model.Outcome {
		out := slices.Clone(model.Step(w, op))
		for i := range out {
			if out[i].Breaks != "" {
				out[i].Rules = append(slices.Clip(out[i].Rules), mark)
			}
		}
		return out
	}
	for _, temperament := range reference.Temperaments() {
		for seed := range uint64(10) {
			o := newOracle(t, temperament, seed)
			o.blind = true
			o.endpoint = reference.New(reference.Options{Now: o.clock.now, Seed: seed, Temperament: temperament, Settle: settle, Step: marked})
			o.speaker = speak.New(o.endpoint, o.clock.now)
			wander(o, seed, 60)
			o.streams = 0
			furnish(o, seed, 60)
			if n := o.endpoint.Coverage()[mark].Chosen; n > 0 {
				t.Errorf("%s: got %d outcomes that break a rule, want none", temperament.Name, n)
			}
		}
	}
}
