package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// exploreCommand checks the model itself.
type exploreCommand struct {
	Bound      string `help:"How far: ${bounds}. Default: ${default}." default:"pair" placeholder:"NAME"`
	Workers    int    `help:"Goroutines that search; 0 is one for each processor." default:"0" placeholder:"N"`
	Memory     string `help:"Memory that the search may take, such as 512MiB. Default: ${default}." default:"2GiB" placeholder:"SIZE"`
	NoSymmetry bool   `name:"no-symmetry" help:"Visit worlds that differ in names alone one by one."`
	Unchecked  bool   `help:"Count only: check nothing."`
}

// headroom is the share of the memory that the visited worlds may take: the rest
// is for the search itself.
const headroom = 0.75

// Run runs the command.
func (c *exploreCommand) Run() error {
	preset, ok := explore.Lookup(c.Bound)
	if !ok {
		return usage("--bound: got %q, want one of %s", c.Bound, strings.Join(bounds(), ", "))
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
	o := explore.Options{Workers: c.Workers, Memory: int64(headroom * float64(memory)), Unchecked: c.Unchecked}
	fmt.Fprintf(os.Stdout, "%s: %s\nmemory: at most %s, room for %d states\n", preset.Name, preset.Says, sizeText(memory), o.Ceiling())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer explore.Limit(memory)()
	r, err := explore.Run(ctx, preset.Bounds, o)
	if err != nil {
		return &exit{diverges, err}
	}
	printExploration(os.Stdout, &r, c.Unchecked)
	switch {
	case r.Counterexample != nil:
		return &exit{diverges, fmt.Errorf("counterexample: %s: %s", r.Counterexample.Rule.ID, r.Counterexample.Rule.Says)}
	case ctx.Err() != nil:
		return unclear("inconclusive: interrupted")
	case !r.Complete:
		return unclear("inconclusive: the memory is used up at depth %d", r.Depth)
	}
	return nil
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

// taken returns how much memory the process has had from the system.
func taken() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}

// bounds returns the names of the bounds, from the smallest on.
func bounds() []string {
	var names []string
	for _, p := range explore.Presets {
		names = append(names, p.Name)
	}
	return names
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
