package model

import (
	"slices"
	"strings"
	"sync"
)

// Scope is what a rule speaks of.
type Scope struct {
	// Operations are the names of operations, in the order of [Operations];
	// empty means any.
	Operations []string
	// Statuses are those of the cluster that a call is about, before it, in
	// which the rule has a say; of a transition, the two that it leads from and
	// to. Empty means any, or that there is no such cluster: that of a creation
	// does not exist yet.
	Statuses StatusSet
}

// ScopeOf returns the scope of a rule as the tables tell it: of a transition its
// row. Of any other rule it is read from samples of every operation in worlds of
// every status: where its row of a decision table holds, or, where it stands in
// none, where [Step] names it or an answer can break it. A rule that no sample
// shows speaks of the operation of its family, if that is one, and else of any.
// The caller owns the result.
func ScopeOf(id RuleID) Scope {
	s, ok := scopes()[id]
	if !ok {
		s = families()[id.Family()]
	}
	s.Operations = slices.Clone(s.Operations)
	return s
}

// scopes reads the samples, once.
var scopes = sync.OnceValue(func() map[RuleID]Scope {
	names, sets := map[RuleID]map[string]bool{}, map[RuleID]StatusSet{}
	tables, stands := decisions(), map[RuleID]bool{} // in a table
	for _, d := range tables {
		for _, r := range d.rows {
			stands[r.ID] = true
		}
	}
	look := func(w World, op Op) []Outcome {
		var status StatusSet
		if h := Subject(op); h != 0 && newCluster(op) == 0 {
			status = Statuses(Gone)
			if c, ok := w.Find(h); ok {
				status = Statuses(c.Status)
			}
		}
		say := func(id RuleID) {
			if names[id] == nil {
				names[id] = map[string]bool{}
			}
			names[id][op.Name()] = true
			sets[id] |= status
		}
		for i := range tables {
			if tables[i].op != op.Name() {
				continue
			}
			for _, r := range tables[i].rows {
				if r.when(&w, op) {
					say(r.ID)
				}
			}
		}
		aside := func(id RuleID) {
			if !stands[id] {
				say(id)
			}
		}
		out := Step(w, op)
		for i := range out {
			for _, id := range out[i].Rules {
				aside(id)
			}
			if out[i].Breaks != "" {
				aside(out[i].Breaks)
			}
			out[i].wrong(w, op, aside)
		}
		return out
	}
	var ops, tokened []Op
	var again []bool // of ops: those in tokened
	for _, text := range sampleCalls {
		line, err := ParseLine(text)
		if err != nil {
			continue // a test holds that there is none
		}
		ops, again = append(ops, line.Op), append(again, strings.HasSuffix(text, "token=t1"))
		if again[len(again)-1] {
			tokened = append(tokened, line.Op)
		}
	}
	for i, env := range sampleEnvs() {
		for _, w := range sampleWorlds(env) {
			for k, op := range ops {
				out := look(w, op)
				if i > 0 || !again[k] {
					continue
				}
				for i := range out {
					if next := out[i].Next; out[i].Want.Success() {
						for _, second := range tokened {
							look(next, second)
						}
						next.Now += 2 * env.Window
						look(next, op)
					}
				}
			}
		}
	}
	all := map[RuleID]Scope{}
	for id := range names {
		s := Scope{Statuses: sets[id]}
		for _, op := range Operations {
			if names[id][op.Name] {
				s.Operations = append(s.Operations, op.Name)
			}
		}
		all[id] = s
	}
	for _, t := range transitions {
		all[t.ID] = Scope{callers(t.By), Statuses(t.From, t.To) &^ Statuses(NoStatus)}
	}
	for _, t := range streamTransitions {
		all[t.ID] = Scope{Operations: callers(t.By)}
	}
	return all
})

// families are the operations of the rules of each family, of those that speak of
// one operation alone.
var families = sync.OnceValue(func() map[string]Scope {
	all := map[string]Scope{}
	for id, s := range scopes() {
		f := id.Family()
		if have, ok := all[f]; ok && !slices.Equal(have.Operations, s.Operations) {
			s.Operations = nil
		}
		all[f] = Scope{Operations: s.Operations}
	}
	return all
})

// Family returns the letters that the rules about one thing share: "DEL" of
// DSQL-DEL-002, and "" for an identifier of another form.
func (id RuleID) Family() string {
	parts := strings.Split(string(id), "-")
	if len(parts) != 3 {
		return ""
	}
	return parts[1]
}

// callers returns the operation that drives an edge.
func callers(by Cause) []string {
	if by == ByService {
		return nil
	}
	return []string{by.String()}
}

// wrong calls say for each rule that a reply can break which is a success, as the
// outcome is, but differs in one respect from what it wants.
func (o *Outcome) wrong(w World, op Op, say func(RuleID)) {
	want := &o.Want
	if want.Any || !want.Success() {
		return
	}
	fair := Reply{Cluster: want.Cluster, Protection: SwitchOf(want.Protection&ShowsOn != 0), Multi: want.Multi == Present, Members: []Handle{}, Listed: want.Listed, Service: "x"}
	if list := want.Status.List(); len(list) > 0 {
		fair.Status = list[0]
	}
	if len(want.Tags) > 0 {
		fair.Tags = want.Tags[0]
	}
	if len(want.Must) > 0 {
		fair.Members = append(slices.Clone(want.Must), want.Cluster)
	}
	as := newCluster(op)
	for _, spoil := range spoils {
		r := fair
		spoil(&r)
		if n, first := o.diff(&w, op, as, &r, false); n > 0 {
			say(first.rule)
		}
	}
	for _, r := range []Reply{{Cluster: want.Cluster}, spoiled} {
		miss := func(id RuleID, _ string) { say(id) }
		want.Encryption.diff(&r, miss)
		want.Policy.diff(&r, miss)
		want.Stream.diff(&w, &r, false, miss)
		want.Legacy.diff(&w, &r, miss)
	}
}
