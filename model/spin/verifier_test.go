package spin_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dsqlconform/model/explore"
)

// spin has Spin list the steps that a Promela file takes within bounds. The states
// are where they lead, and the empty one.
func spin(file string, b *explore.Bounds) (found, error) {
	list, err := listing(file, b, "-DSTEPS")
	if err != nil {
		return found{}, err
	}
	states := []string{"none"}
	for _, s := range list {
		_, after, ok := strings.Cut(s, " => ")
		if !ok {
			return found{}, fmt.Errorf("got %q, want a step", s)
		}
		states = append(states, after)
	}
	slices.Sort(states)
	return found{slices.Compact(states), list}, nil
}

// listing has Spin list the states of a Promela file, or with -DSTEPS the steps,
// sorted.
func listing(file string, b *explore.Bounds, more ...string) ([]string, error) {
	dir, err := build(file, slices.Concat(macros(b), []string{"-DPRINT"}, more), "-O0", "-DPRINTF") // -O0: it is compiled sooner
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out, _, stored, err := search(dir)
	if err != nil {
		return nil, err
	}
	var list []string
	for line := range strings.Lines(out) {
		if line = strings.TrimSuffix(line, "\n"); line == "none" || strings.HasPrefix(line, "none => ") || strings.HasPrefix(line, "c1 ") {
			list = append(list, line)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	want := stored
	if slices.Contains(more, "-DSTEPS") {
		want-- // no step leads to the empty state
	}
	if len(list) != want {
		return nil, fmt.Errorf("got %d lines from Spin, want %d, one for each of what it stored", len(list), want)
	}
	return list, nil
}

// macros returns the bounds as the Promela file takes them.
func macros(b *explore.Bounds) []string {
	bit := map[bool]int{true: 1}
	return []string{
		fmt.Sprintf("-DN=%d", b.Clusters), fmt.Sprintf("-DR=%d", len(b.Regions)), fmt.Sprintf("-DW=%d", len(b.Witnesses)),
		fmt.Sprintf("-DP=%d", bit[b.Protection]), fmt.Sprintf("-DF=%d", bit[b.Free]),
	}
}

var storedLine = regexp.MustCompile(`(?m)^ *(\d+) states, stored$`)

// build makes a verifier, in a directory that the caller removes.
func build(file string, macros []string, flags ...string) (dir string, err error) {
	if file, err = filepath.Abs(file); err != nil {
		return "", err
	}
	if dir, err = os.MkdirTemp("", "spin"); err != nil {
		return "", err
	}
	_, err = output(dir, "spin", append(slices.Clone(macros), "-a", file)...)
	if err == nil {
		_, err = output(dir, "gcc", append(flags, "-w", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c")...)
	}
	if err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	return dir, nil
}

// search runs a verifier. It returns what it prints, the time that it ran and the
// states that it stored. An assertion that fails, or a search that was cut short,
// is an error.
func search(dir string) (out string, elapsed time.Duration, stored int, err error) {
	began := time.Now()
	out, err = output(dir, filepath.Join(dir, "pan"), "-m1000000", "-w20") // a table of 8 MiB: a greater one takes longer to make than to fill
	elapsed = time.Since(began)
	if err != nil {
		return "", 0, 0, err
	}
	m := storedLine.FindStringSubmatch(out)
	if m == nil || !strings.Contains(out, "errors: 0\n") || strings.Contains(out, "max search depth too small") {
		return "", 0, 0, fmt.Errorf("got no complete search without errors, %s", tail(out))
	}
	stored, err = strconv.Atoi(m[1])
	return out, elapsed, stored, err
}

func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, tail(string(out)))
	}
	return string(out), nil
}

// tail returns the end of what a program said.
func tail(text string) string {
	const most = 2000
	return text[max(0, len(text)-most):]
}

// requireSpin skips the test where Spin or gcc is missing; in CI it fails.
func requireSpin(t *testing.T) {
	t.Helper()
	for _, program := range []string{"spin", "gcc"} {
		if _, err := exec.LookPath(program); err != nil {
			missing := fmt.Sprintf("no %s (Debian: apt-get install spin gcc)", program)
			if os.Getenv("CI") == "true" {
				t.Fatal(missing)
			}
			t.Skip(missing)
		}
	}
}

// What goes wrong on Spin's side is told: a state too few or too many, an
// assertion that fails, a file that Spin does not read.
func TestWhatIsWrongWithThePromelaFileIsTold(t *testing.T) {
	requireSpin(t)
	t.Parallel()
	const good = `bit x;
active proctype p()
{
	do
	:: assert(x <= 1)
#ifdef PRINT
	:: d_step { x == 1 -> printf("none => c1 r1 ACTIVE open witness=- peer=-\n") }
#endif
	:: atomic { x == 0 -> x = 1 }
	od
}
`
	p, _ := explore.LookupAbstract("alone")
	for name, c := range map[string]struct{ from, to, want string }{
		"nothing":                 {"", "", ""},
		"an assertion that fails": {"x <= 1", "x < 1", "errors: 1"},
		"a step without a line":   {`printf("none`, `printf("and none`, "got 0 lines from Spin, want 1"},
		"a state for a step":      {"none => ", "", "want a step"},
		"a file that is not read": {"od\n", "", "syntax error"},
		"a search that is cut":    {"bit x;", "bit x; int deep; active proctype q() { do :: deep < 1100000 -> deep++ od }", "no complete search"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "x.pml")
			if err := os.WriteFile(file, []byte(strings.Replace(good, c.from, c.to, 1)), 0o644); err != nil {
				t.Fatal(err)
			}
			got, err := spin(file, &p.Bounds)
			if c.want == "" {
				const active = "c1 r1 ACTIVE open witness=- peer=-"
				if err != nil || !slices.Equal(got.states, []string{active, "none"}) || !slices.Equal(got.steps, []string{"none => " + active}) {
					t.Errorf("got %q, %v, want %s and none, and the step there", got, err, active)
				}
			} else if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
