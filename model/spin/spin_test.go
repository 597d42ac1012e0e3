package spin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"dsqlconform/model/explore"
)

// widest is the environment variable that asks for the bounds wide, too.
const widest = "DSQLCONFORM_SPIN_WIDE"

// found is what one side has reached within bounds, sorted.
type found struct {
	states []string
	steps  []string // before => after
}

// ours explores the tables.
func ours(b explore.Bounds, o explore.Options) (found, error) {
	o.Unchecked, o.Abstract, o.Steps = true, true, true
	r, err := explore.Run(context.Background(), b, o)
	if err != nil {
		return found{}, err
	}
	if !r.Complete {
		return found{}, fmt.Errorf("got %d worlds and no end", r.States)
	}
	return found{texts(r.Abstract), texts(r.Steps)}, nil
}

func texts[T fmt.Stringer](all []T) []string {
	list := make([]string, len(all))
	for i, a := range all {
		list[i] = a.String()
	}
	slices.Sort(list)
	return list
}

// theirs is what Spin reaches within each of the bounds, found once.
var theirs = func() map[string]func() (found, error) {
	runs := map[string]func() (found, error){}
	for _, p := range explore.Abstracts {
		runs[p.Name] = sync.OnceValues(func() (found, error) { return spin("dsql.pml", &p.Bounds) })
	}
	return runs
}()

// asked returns the bounds that are compared.
func asked() []explore.Preset {
	return slices.DeleteFunc(slices.Clone(explore.Abstracts), func(p explore.Preset) bool {
		return p.Name == "wide" && os.Getenv(widest) == ""
	})
}

// Within the same bounds, the tables and the model that was not written from them
// reach the same states by the same steps. Time is that of the search for states,
// for Spin with the start of its process and without compilation.
func TestSpinReachesTheSameStates(t *testing.T) {
	requireSpin(t)
	defer explore.Limit(1 << 30)()
	dirs := make([]string, len(asked()))
	var making sync.WaitGroup
	for i, p := range asked() {
		making.Go(func() { theirs[p.Name]() }) // errors are told below
		making.Go(func() {
			var err error
			if dirs[i], err = build("dsql.pml", macros(&p.Bounds), "-O2"); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		})
	}
	making.Wait()
	defer func() {
		for _, dir := range dirs {
			os.RemoveAll(dir)
		}
	}()
	if t.Failed() {
		return
	}
	var table bytes.Buffer
	tab := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "bounds\tstates, ours\tSpin\tsteps, ours\tSpin\t\tours, s\tSpin, s\tours, states/s\tSpin, states/s\tours:Spin\t")
	for i, p := range asked() {
		them, err := theirs[p.Name]()
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		us, err := ours(p.Bounds, explore.Options{})
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		verdict := "equal"
		if err := errors.Join(differ("states", us.states, them.states), differ("steps", us.steps, them.steps)); err != nil {
			verdict = "differ"
			t.Errorf("%s: %v", p.Name, err)
		}
		said(t, p.Name, &them)
		plain, err := explore.Run(context.Background(), p.Bounds, explore.Options{Unchecked: true, Abstract: true})
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		_, elapsed, stored, err := search(dirs[i])
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		if stored != len(them.states) {
			t.Errorf("%s: got %d states of Spin's own, %d by its steps, want as many", p.Name, stored, len(them.states))
		}
		our, their := rate(len(plain.Abstract), plain.Elapsed), rate(stored, elapsed)
		fmt.Fprintf(tab, "%s\t%d\t%d\t%d\t%d\t%s\t%.3f\t%.3f\t%.0f\t%.0f\t%.2f\t\n", p.Name, len(us.states), len(them.states), len(us.steps), len(them.steps), verdict,
			plain.Elapsed.Seconds(), elapsed.Seconds(), our, their, our/their)
	}
	tab.Flush()
	t.Logf("abstract states and the steps between them, ours on %d processors and Spin on 1\n%s", runtime.GOMAXPROCS(0), &table)
}

func rate(n int, elapsed time.Duration) float64 { return float64(n) / max(elapsed.Seconds(), 1e-9) }

// said checks the counts that stand in texts.
func said(t *testing.T, bounds string, f *found) {
	t.Helper()
	for file, want := range map[string]string{
		bounds + ".cfg":   fmt.Sprintf(": %d states, %d steps.\n", len(f.states), len(f.steps)),
		"../../README.md": fmt.Sprintf("| `%s` | %d | %d |", bounds, len(f.states), len(f.steps)),
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("got no %q in %s", want, file)
		}
	}
}

// The states that Spin lists are where its steps lead.
func TestSpinListsStatesOrSteps(t *testing.T) {
	requireSpin(t)
	t.Parallel()
	p, _ := explore.LookupAbstract("alone")
	states, err := listing("dsql.pml", &p.Bounds)
	if err != nil {
		t.Fatal(err)
	}
	them, err := theirs[p.Name]()
	if err != nil {
		t.Fatal(err)
	}
	if err := differ("states", states, them.states); err != nil {
		t.Error(err)
	}
}

// differ returns an error that names the first states, or steps, of each side that
// the other side does not have. Both lists are sorted.
func differ(what string, ours, spins []string) error {
	const most = 5
	var errs []error
	for _, side := range []struct {
		name       string
		has, other []string
	}{{"our side", ours, spins}, {"Spin", spins, ours}} {
		alone := slices.DeleteFunc(slices.Clone(side.has), func(s string) bool {
			_, both := slices.BinarySearch(side.other, s)
			return both
		})
		if len(alone) > 0 {
			errs = append(errs, fmt.Errorf("got %d of %d %s that %s alone has, such as\n  %s", len(alone), len(side.has), what, side.name,
				strings.Join(alone[:min(most, len(alone))], "\n  ")))
		}
	}
	return errors.Join(errs...)
}

func TestWhoseStatesDifferIsTold(t *testing.T) {
	same := []string{"a", "b"}
	if err := differ("steps", same, same); err != nil {
		t.Errorf("got %v, want none", err)
	}
	err := differ("steps", []string{"a", "b", "c"}, []string{"b", "d"})
	const want = "got 2 of 3 steps that our side alone has, such as\n  a\n  c\ngot 1 of 2 steps that Spin alone has, such as\n  d"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
