package explore

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dsqlconform/model"
)

// Abstract is what a world shows to somebody who knows the service and not these
// tables: of each cluster its Region, its status, whether deletion protection is
// on, its witness and the peer that it names. Another model of the same service,
// whatever it remembers besides, has to reach the same ones within the same
// bounds. It is packed, and equal exactly for equal states; 0 is no cluster at all.
type Abstract uint64

// Abstracts are the bounds within which abstract states are counted. They leave
// out what an abstract state does not hold or what nothing is known about: tokens,
// reads, peers that are named again, updates of a cluster that is neither ACTIVE
// nor PENDING_SETUP, a second delete. Nothing is folded.
var Abstracts = []Preset{
	abstract("alone", "1 cluster, 1 Region, 1 witness, protection, what the service does for no reason", 1, 1, 1, true, true),
	abstract("pair", "2 clusters, 2 Regions, 2 witnesses, protection, what the service does for no reason", 2, 2, 2, true, true),
	abstract("three", "3 clusters, 2 Regions, 1 witness", 3, 2, 1, false, false),
	abstract("wide", "3 clusters, 2 Regions, 1 witness, protection", 3, 2, 1, true, false),
}

func abstract(name, says string, clusters, places, witnesses int, protection, free bool) Preset {
	set := []model.Region{"eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"} // one set, of four
	b := Bounds{Clusters: clusters, Regions: set[:places], Witnesses: set[places : places+witnesses],
		Protection: protection, Reprotect: protection, Free: free,
		Protects: model.Statuses(model.Active),
		Links:    model.Statuses(model.PendingSetup),
		Deletes:  model.Statuses(model.Creating, model.Active, model.Idle, model.Inactive, model.Updating, model.Failed, model.PendingSetup)}
	if !protection {
		b.Protects = model.Statuses(model.NoStatus)
	}
	return Preset{name, says, b}
}

// The bits of a cluster in an abstract state, from the lowest on; Regions,
// witnesses and peers are numbers from 1 in the order of the bounds, 0 for none.
// An UPDATING cluster that was ACTIVE has a status of its own.
const (
	abstractBits = 16
	live         = model.Gone + 1
)

// Abstract returns the abstract state of a world. The error says what such a state
// cannot express: the bounds have then let something through.
func (b *Bounds) Abstract(w *model.World) (Abstract, error) {
	if len(w.Clusters) > MaxClusters || len(w.Tokens) > 0 || len(w.Streams) > 0 {
		return 0, fmt.Errorf("got %d clusters, %d tokens and %d streams, want at most %d and none", len(w.Clusters), len(w.Tokens), len(w.Streams), MaxClusters)
	}
	var a Abstract
	for i := range w.Clusters {
		one, err := b.aspect(w, i)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", w.Clusters[i].Handle, err)
		}
		a |= one << (abstractBits * i)
	}
	return a, nil
}

// aspect returns the bits of one cluster.
func (b *Bounds) aspect(w *model.World, i int) (Abstract, error) {
	c := &w.Clusters[i]
	place, witness := slices.Index(b.Regions, c.Region)+1, slices.Index(b.Witnesses, c.Witness)+1
	switch {
	case int(c.Handle) != i+1:
		return 0, fmt.Errorf("got it in place %d", i+1)
	case place == 0:
		return 0, fmt.Errorf("got Region %q, want one of %q", c.Region, b.Regions)
	case c.Multi != (c.Witness != "") || c.Multi != (witness > 0):
		return 0, fmt.Errorf("got multi-Region %v with witness %q, want one of %q for a multi-Region cluster alone", c.Multi, c.Witness, b.Witnesses)
	case c.Peers[1] != 0 || int(c.Peers[0]) > len(w.Clusters) || c.Peers[0] == c.Handle || c.Peers[0] != 0 && !c.Multi:
		return 0, fmt.Errorf("got peers %v, want at most one, another cluster, of a multi-Region cluster", c.Peers)
	case c.Turned || c.Nameless:
		return 0, errors.New("got a cluster that was single-Region before, or that nobody knows")
	}
	status := c.Status
	if status == model.Updating {
		switch {
		case c.Origin == model.PendingSetup && c.Multi:
		case c.Origin == model.Active && !c.Relinked:
			status = live
		default:
			return 0, fmt.Errorf("got UPDATING from %s, want from the set-up or from ACTIVE", c.Origin)
		}
	}
	a := Abstract(status)
	a = a<<1 | bit(c.Protected)
	a = a<<placeBits | Abstract(place)
	a = a<<placeBits | Abstract(witness)
	return a<<placeBits | Abstract(c.Peers[0]), nil
}

func bit(on bool) Abstract {
	if on {
		return 1
	}
	return 0
}

// String returns the clusters in their order, such as
// "c1 r1 PENDING_SETUP open witness=w1 peer=c2; c2 r2 gone protected witness=- peer=-".
// Regions and witnesses are numbered in the order of the bounds; UPDATING has
// "/setup" or "/live" behind it. No cluster at all is "none".
func (a Abstract) String() string {
	if a == 0 {
		return "none"
	}
	var list []string
	for h := 1; a != 0; h, a = h+1, a>>abstractBits {
		one := a
		take := func(width int) int {
			v := one & (1<<width - 1)
			one >>= width
			return int(v)
		}
		peer, witness, place := take(placeBits), take(placeBits), take(placeBits)
		protection := [...]string{"open", "protected"}[take(1)]
		status := model.Status(take(statusBits))
		text := status.String()
		switch status {
		case model.Updating:
			text += "/setup"
		case live:
			text = model.Updating.String() + "/live"
		}
		list = append(list, fmt.Sprintf("c%d r%d %s %s witness=%s peer=%s", h, place, text, protection, numbered("w", witness), numbered("c", peer)))
	}
	return strings.Join(list, "; ")
}

// numbered returns the letter with a number, "-" for 0.
func numbered(letter string, n int) string {
	if n == 0 {
		return "-"
	}
	return letter + strconv.Itoa(n)
}

// AbstractStep is what one call or one move of the service changes: the abstract
// state before it and the one after it, which differ.
type AbstractStep [2]Abstract

// String returns the texts of both states, "before => after".
func (s AbstractStep) String() string { return s[0].String() + " => " + s[1].String() }

func (s AbstractStep) compare(t AbstractStep) int { return slices.Compare(s[:], t[:]) }

// abstraction is what a worker has noted; its maps are nil until it has.
type abstraction struct {
	at       Abstract // the world that is expanded
	abstract map[Abstract]bool
	steps    map[AbstractStep]bool
}

// project notes the abstract state of the world that is expanded.
func (w *worker) project() {
	if !w.options.Abstract {
		return
	}
	if !w.see(&w.world, &w.at) {
		return
	}
	if w.abstract == nil {
		w.abstract = map[Abstract]bool{}
	}
	w.abstract[w.at] = true
}

// link notes the abstract step to a world that the expanded one leads to.
func (w *worker) link(next *model.World) {
	if !w.options.Abstract || !w.options.Steps {
		return
	}
	s := AbstractStep{w.at}
	if !w.see(next, &s[1]) || s[0] == s[1] {
		return
	}
	if w.steps == nil {
		w.steps = map[AbstractStep]bool{}
	}
	w.steps[s] = true
}

// see sets a to the abstract state of a world. It reports whether there is one.
func (w *worker) see(world *model.World, a *Abstract) bool {
	var err error
	if *a, err = w.bounds.Abstract(world); err != nil {
		w.fail(fmt.Errorf("no abstract state: %w", err))
	}
	return err == nil
}

// abstracts returns what the crew has noted, each once and sorted.
func abstracts(crew []*worker) ([]Abstract, []AbstractStep) {
	states, steps := map[Abstract]bool{}, map[AbstractStep]bool{}
	for _, w := range crew {
		maps.Copy(states, w.abstract)
		maps.Copy(steps, w.steps)
	}
	return slices.Sorted(maps.Keys(states)), slices.SortedFunc(maps.Keys(steps), AbstractStep.compare)
}
