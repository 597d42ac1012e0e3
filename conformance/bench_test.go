package conformance_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// tape is a target that answers what another one once did, in order, at no
// cost.
type tape struct {
	target    conformance.Target // while recording
	exchanges []conformance.Exchange
	next      int
}

func (p *tape) Do(ctx context.Context, c conformance.Call) (conformance.Exchange, error) {
	if p.target != nil {
		ex, err := p.target.Do(ctx, c)
		if err == nil {
			p.exchanges = append(p.exchanges, ex)
		}
		return ex, err
	}
	if p.next == len(p.exchanges) {
		return conformance.Exchange{}, errors.New("the tape is at its end")
	}
	p.next++
	return p.exchanges[p.next-1], nil
}

// small is a profile of few clusters, whose sequences need no time against the
// temperament "fast".
func small(b testing.TB) generators.Profile {
	b.Helper()
	p, err := generators.Lookup("lifecycle")
	if err != nil {
		b.Fatal(err)
	}
	p.Clusters, p.Lost, p.Retries = 2, 0, 0
	return p
}

const tapes = 24

// BenchmarkOwnCost measures what a call costs without the target: generating,
// binding, the model's steps and the two judgements. The goal is 30 µs.
func BenchmarkOwnCost(b *testing.B) {
	profile := small(b)
	var list []*tape
	for seed := range tapes {
		p := &tape{target: over(b, reference.New(options(b, "fast", uint64(seed))))}
		if _, err := conformance.Replay(b.Context(), p, generators.FromSeed(profile, uint64(seed)), conformance.Settle(settle)); err != nil {
			b.Fatal(err)
		}
		p.target = nil
		list = append(list, p)
	}
	calls := 0
	b.ReportAllocs()
	for b.Loop() {
		for seed, p := range list {
			p.next = 0
			trace, err := conformance.Replay(b.Context(), p, generators.FromSeed(profile, uint64(seed)), conformance.Settle(settle))
			if err != nil || len(trace.Findings) > 0 || p.next != len(p.exchanges) {
				b.Fatalf("got %v, %d findings, %d of %d calls", err, len(trace.Findings), p.next, len(p.exchanges))
			}
			calls += p.next
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(calls), "µs/call")
}

// BenchmarkThroughSDK is the same with the SDK and the reference endpoint in the
// place of the tape.
func BenchmarkThroughSDK(b *testing.B) {
	profile := small(b)
	calls := 0
	b.ReportAllocs()
	for b.Loop() {
		for seed := range tapes {
			trace, err := conformance.Replay(b.Context(), over(b, reference.New(options(b, "fast", uint64(seed)))), generators.FromSeed(profile, uint64(seed)), conformance.Settle(settle))
			if err != nil {
				b.Fatal(err)
			}
			calls += len(trace.Records)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(calls), "µs/call")
}

// BenchmarkGenerate is the part of a sequence's cost that drawing it is.
func BenchmarkGenerate(b *testing.B) {
	profile := small(b)
	lines := 0
	b.ReportAllocs()
	for b.Loop() {
		for seed := range tapes {
			lines += len(generators.FromSeed(profile, uint64(seed)).Lines)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(lines), "µs/line")
}

// answered is an operation and what came of it.
type answered struct {
	op  model.Op
	got model.Seen
}

// long returns sequences of about forty operations over five clusters, with
// what an endpoint answered.
func long(t testing.TB, n int) (list [][]answered) {
	t.Helper()
	p, err := generators.Lookup("multiregion")
	if err != nil {
		t.Fatal(err)
	}
	p.Clusters, p.Steps = 5, 40
	for seed := range n {
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		begun := now
		clock := func() time.Time { return now }
		opts := options(t, "plain", uint64(seed))
		opts.Now = clock
		s := speak.New(reference.New(opts), clock)
		var seq []answered
		for _, l := range generators.FromSeed(p, uint64(seed)).Lines {
			now = now.Add(5 * time.Millisecond)
			switch op := l.Op.(type) {
			case model.Wait:
				now = now.Add(op.For)
				continue
			case model.Raw, model.Connect:
				continue
			case model.Await:
				now = now.Add(time.Second)
			}
			op := s.Located(l.Op)
			reply, err := s.Ask(op)
			if err != nil {
				continue // what the speaker cannot say
			}
			reply.Lost = l.Lost
			at := now.Sub(begun)
			seq = append(seq, answered{op, model.Seen{Reply: reply, Sent: at, Answered: at}})
		}
		list = append(list, seq)
	}
	return list
}

// BenchmarkBelief measures the judgement of one answer among five clusters. The
// goal is a median of 100 µs.
func BenchmarkBelief(b *testing.B) {
	list := long(b, 40)
	var each []time.Duration
	for b.Loop() {
		for _, seq := range list {
			belief := model.NewBelief(model.NewEnv())
			for i := range seq {
				begun := time.Now()
				belief.Observe(seq[i].op, seq[i].got)
				each = append(each, time.Since(begun))
			}
		}
	}
	slices.Sort(each)
	at := func(share float64) float64 {
		return float64(each[int(share*float64(len(each)-1))].Nanoseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "µs/median")
	b.ReportMetric(at(0.99), "µs/p99")
	b.ReportMetric(at(1), "µs/max")
	b.ReportMetric(0, "ns/op")
}

// Five clusters must not need more worlds than can be followed.
func TestBeliefStaysSmall(t *testing.T) {
	most, operations := 0, 0
	for seed, seq := range long(t, seeds(t, 40, 10)) {
		belief := model.NewBelief(model.NewEnv())
		for _, a := range seq {
			e := belief.Observe(a.op, a.got)
			if e.Doubt != "" {
				t.Errorf("seed %d: got doubt %q of %s", seed, e.Doubt, a.op)
			}
			if e.Broken != "" {
				t.Fatalf("seed %d: got %s broken by %s", seed, e.Broken, a.op)
			}
			most = max(most, belief.States())
			operations++
		}
	}
	t.Logf("%d operations, at most %d worlds", operations, most)
	if most > model.MaxStates {
		t.Errorf("got %d worlds, want at most %d", most, model.MaxStates)
	}
}
