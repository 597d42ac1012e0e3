package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// exploreCommand checks the model itself.
type exploreCommand struct {
	Bound      string `help:"How far: ${bounds}. Default: pair." placeholder:"NAME" xor:"bounds"`
	Workers    int    `help:"Goroutines that search; 0 is one for each processor." default:"0" placeholder:"N"`
	Memory     string `help:"Memory that the search may take, such as 512MiB. Default: ${default}." default:"2GiB" placeholder:"SIZE"`
	NoSymmetry bool   `name:"no-symmetry" help:"Visit worlds that differ in names alone one by one."`
	Unchecked  bool   `help:"Count only: check nothing."`
	Abstract   string `help:"Count abstract states instead, those that another model of the service can be compared by, within ${abstracts}." placeholder:"NAME" xor:"bounds"`
	Steps      bool   `help:"With --abstract: count the steps between abstract states, too."`
	List       bool   `help:"With --abstract: write every abstract state, or with --steps every step, sorted, and nothing else."`
}

// headroom is the share of the memory that the visited worlds may take: the rest
// is for the search itself.
const headroom = 0.75

// Run runs the command.
func (c *exploreCommand) Run() error {
	preset, err := c.preset()
	if err != nil {
		return err
	}
	memory, err := parseSize(c.Memory)
	if err != nil {
		return usage("--memory: %w", err)
	}
	if c.Workers < 0 {
		return usage("--workers: got %d, want 0 or more", c.Workers)
	}
	if c.NoSymmetry {
		preset.Symmetric = false
	}
	o := explore.Options{Workers: c.Workers, Memory: int64(headroom * float64(memory)), Unchecked: c.Unchecked || c.Abstract != "", Abstract: c.Abstract != "", Steps: c.Steps}
	out := io.Writer(os.Stdout)
	if c.List {
		out = io.Discard
	}
	fmt.Fprintf(out, "%s: %s\nmemory: at most %s, room for %d states\n", preset.Name, preset.Says, sizeText(memory), o.Ceiling())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer explore.Limit(memory - memory/16)() // the system counts what the runtime does not
	r, err := explore.Run(ctx, preset.Bounds, o)
	if err != nil {
		return &exit{diverges, err}
	}
	printExploration(out, &r, o.Unchecked)
	if o.Abstract {
		fmt.Fprintf(out, "abstract states: %d\n", len(r.Abstract))
	}
	if o.Steps {
		fmt.Fprintf(out, "abstract steps: %d\n", len(r.Steps))
	}
	switch {
	case r.Counterexample != nil:
		return &exit{diverges, fmt.Errorf("counterexample: %s: %s", r.Counterexample.Rule.ID, r.Counterexample.Rule.Says)}
	case ctx.Err() != nil:
		return unclear("inconclusive: interrupted")
	case !r.Complete:
		return unclear("inconclusive: the memory is used up at depth %d", r.Depth)
	case c.List && c.Steps:
		return list(os.Stdout, r.Steps)
	case c.List:
		return list(os.Stdout, r.Abstract)
	}
	return nil
}

// preset returns the bounds that the flags name.
func (c *exploreCommand) preset() (explore.Preset, error) {
	switch preset, ok := explore.Lookup(cmp.Or(c.Bound, "pair")); {
	case c.Abstract != "":
		preset, ok = explore.LookupAbstract(c.Abstract)
		if !ok {
			return preset, usage("--abstract: got %q, want one of %s", c.Abstract, strings.Join(abstracts(), ", "))
		}
		return preset, nil
	case c.List:
		return preset, usage("--list: got no --abstract, want one of %s", strings.Join(abstracts(), ", "))
	case c.Steps:
		return preset, usage("--steps: got no --abstract, want one of %s", strings.Join(abstracts(), ", "))
	case !ok:
		return preset, usage("--bound: got %q, want one of %s", c.Bound, strings.Join(bounds(), ", "))
	default:
		return preset, nil
	}
}

// list writes the texts of states or steps, sorted, a line each.
func list[T fmt.Stringer](w io.Writer, all []T) error {
	lines := make([]string, len(all))
	for i, a := range all {
		lines[i] = a.String() + "\n"
	}
	slices.Sort(lines)
	_, err := io.WriteString(w, strings.Join(lines, ""))
	return err
}

func printExploration(w io.Writer, r *explore.Report, unchecked bool) {
	whole := "complete"
	if !r.Complete {
		whole = "incomplete"
	}
	seconds := max(r.Elapsed.Seconds(), 1e-9)
	fmt.Fprintf(w, "states: %d, %s\ntransitions: %d, %.1f a state\ndepth: %d\ntime: %.1fs, %.0f states/s, %.0f transitions/s\nmemory: %s in visited states, %s in all\n",
		r.States, whole, r.Transitions, r.Branching(), r.Depth, seconds, float64(r.States)/seconds, float64(r.Transitions)/seconds, sizeText(r.Bytes), sizeText(taken()))
	if unchecked {
		return
	}
	excused, rules := 0, model.Rules()
	for _, rule := range rules {
		if explore.Excuse(rule.ID) != "" {
			excused++
		}
	}
	fmt.Fprintf(w, "statuses: %s\nrules met: %d of %d that some bounds meet, of %d in all\n", r.Statuses, len(r.Rules), len(rules)-excused, len(rules))
	if r.Counterexample != nil {
		fmt.Fprintf(w, "\n%s", r.Counterexample)
	}
}

// taken returns how much of the system's memory the process has: what it gave back
// does not count.
func taken() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}

// bounds returns the names of the bounds, from the smallest on.
func bounds() []string { return names(explore.Presets) }

// abstracts returns the names of the bounds of abstract states.
func abstracts() []string { return names(explore.Abstracts) }

func names(presets []explore.Preset) []string {
	var list []string
	for _, p := range presets {
		list = append(list, p.Name)
	}
	return list
}

// units are those of sizes, from the greatest on.
var units = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

// parseSize returns the bytes that a text such as 512MiB means, at least a MiB.
func parseSize(text string) (int64, error) {
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 32)
		if err != nil || n*u.bytes < 1<<20 {
			break
		}
		return n * u.bytes, nil
	}
	return 0, errors.New("got " + strconv.Quote(text) + ", want a size from 1MiB on, such as 512MiB or 2GiB")
}

// sizeText returns a size in the greatest unit of which there is one.
func sizeText(bytes int64) string {
	for _, u := range units {
		if bytes >= u.bytes {
			return strconv.FormatFloat(float64(bytes)/float64(u.bytes), 'f', 1, 64) + " " + u.name
		}
	}
	return strconv.FormatInt(bytes, 10) + " bytes"
}
