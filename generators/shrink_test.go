package generators

import (
	"slices"
	"testing"
	"time"

	"dsqlconform/model"

	"pgregory.net/rapid"
)

func parse(t *testing.T, lines string) model.Sequence {
	t.Helper()
	s, err := model.ParseSequence("# dsqlseq 1\n# regions: us-east-1,us-east-2\n" + lines)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestShrinkingFindsTheTrueMinimum(t *testing.T) {
	const victims = 12
	minimal, total := 0, 0
	for _, f := range faults {
		list, at := f.victims(victims, 30)
		for i, s := range list {
			got, spent := ShrinkAt(s, at[i], f.fails, Budget{})
			total++
			if len(got.Lines) <= f.lines {
				minimal++
			} else {
				t.Logf("%s: got %d lines, want %d, after %d operations:\n%s", f.name, len(got.Lines), f.lines, spent.Operations, got)
			}
		}
	}
	t.Logf("minimal: %d of %d", minimal, total)
	if minimal*100 < total*95 {
		t.Errorf("got the true minimum in %d of %d cases, want 95 %%", minimal, total)
	}
}

// An engine pins the failure to its signature, and asks the model for free
// whether a candidate can show it.
func TestShrinkingIsCheap(t *testing.T) {
	const victims = 12
	var executions, operations []int
	for _, f := range faults {
		list, at := f.victims(victims, 30)
		var spent []int
		for i, s := range list {
			_, cost := ShrinkAt(s, at[i], f.fails, Budget{Plausible: possible(s, at[i])})
			executions = append(executions, cost.Executions)
			spent = append(spent, cost.Operations)
		}
		operations = append(operations, spent...)
		t.Logf("%-50s median %4d operations, worst %4d", f.name, median(spent), slices.Max(spent))
	}
	t.Logf("median %d executions, %d operations", median(executions), median(operations))
	if n := median(executions); n > 27 {
		t.Errorf("got a median of %d executions, want at most 27", n)
	}
	if n := median(operations); n > 60 {
		t.Errorf("got a median of %d operations, want at most 60", n)
	}
}

func median(list []int) int {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// needed draws a sequence, and some of its lines that a failure needs in their
// order.
func needed(t *rapid.T) (s model.Sequence, lines []string, at int) {
	p := rapid.SampledFrom(Profiles()).Draw(t, "profile")
	s = Sequence(p).Draw(t, "sequence")
	seen := map[string]bool{}
	for i, l := range s.Lines {
		if text := l.String(); !seen[text] && rapid.IntRange(0, 4).Draw(t, "needed") == 0 {
			seen[text] = true
			lines, at = append(lines, text), i
		}
	}
	if len(lines) == 0 {
		lines, at = []string{s.Lines[0].String()}, 0
	}
	return s, lines, at
}

// holds reports whether the sequence has the lines in that order.
func holds(s model.Sequence, lines []string) bool {
	for _, l := range s.Lines {
		if len(lines) > 0 && l.String() == lines[0] {
			lines = lines[1:]
		}
	}
	return len(lines) == 0
}

func TestShrinkingKeepsWhatIsNeededAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, lines, at := needed(t)
		if rapid.Bool().Draw(t, "without a hint") {
			at = -1
		}
		tried := map[string]bool{}
		got, spent := ShrinkAt(s, at, func(c model.Sequence) bool {
			if tried[c.String()] {
				t.Fatalf("executed twice:\n%s", c)
			}
			tried[c.String()] = true
			return holds(c, lines)
		}, Budget{})
		if len(got.Lines) != len(lines) || !holds(got, lines) {
			t.Fatalf("got\n%s\nwant the lines %q", got, lines)
		}
		if spent.Exhausted || spent.Executions != len(tried) {
			t.Fatalf("got %+v, want %d executions and no exhaustion", spent, len(tried))
		}
		if tried[s.String()] {
			t.Fatal("executed the sequence that is known to fail")
		}
	})
}

func TestShrinkingEndsInAFixpoint(t *testing.T) {
	for _, f := range faults {
		list, at := f.victims(4, 20)
		for i, s := range list {
			got, _ := ShrinkAt(s, at[i], f.fails, Budget{})
			if !f.fails(got) {
				t.Fatalf("%s: does not fail any more:\n%s", f.name, got)
			}
			where, _ := f.at(got)
			if again, _ := ShrinkAt(got, where, f.fails, Budget{}); again.String() != got.String() {
				t.Errorf("%s: got\n%s\nand then\n%s", f.name, got, again)
			}
			if second, _ := ShrinkAt(s, at[i], f.fails, Budget{}); second.String() != got.String() {
				t.Errorf("%s: got\n%s\nthe first time and\n%s\nthe second", f.name, got, second)
			}
			for j := range got.Lines {
				c := got
				c.Lines = slices.Delete(slices.Clone(got.Lines), j, j+1)
				if f.fails(c) {
					t.Errorf("%s: fails without line %d:\n%s", f.name, j, got)
				}
			}
			if _, err := model.ParseSequence(got.String()); err != nil {
				t.Errorf("%s: %v in\n%s", f.name, err, got)
			}
		}
	}
}

func TestShrinkingKeepsToItsBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, lines, at := needed(t)
		b := Budget{Operations: rapid.IntRange(1, 200).Draw(t, "operations")}
		operations := 0
		got, spent := ShrinkAt(s, at, func(c model.Sequence) bool {
			operations += len(c.Lines)
			return holds(c, lines)
		}, b)
		if operations > b.Operations || spent.Operations != operations {
			t.Fatalf("got %d operations, reported as %d, want at most %d", operations, spent.Operations, b.Operations)
		}
		if !holds(got, lines) || len(got.Lines) > len(s.Lines) {
			t.Fatalf("got\n%s\nwant a failing sequence no longer than\n%s", got, s)
		}
		if len(got.Lines) > len(lines) && !spent.Exhausted {
			t.Fatalf("got\n%s\nand no exhaustion, want the lines %q", got, lines)
		}
	})
}

func TestShrinkingKeepsToItsTime(t *testing.T) {
	now := time.Unix(0, 0)
	list, at := faults[0].victims(1, 30)
	executions := 0
	got, spent := ShrinkAt(list[0], at[0], func(c model.Sequence) bool {
		executions++
		now = now.Add(time.Second)
		return faults[0].fails(c)
	}, Budget{Time: 3 * time.Second, Now: func() time.Time { return now }})
	if executions != 3 || spent.Time != 3*time.Second || !spent.Exhausted {
		t.Errorf("got %d executions, %+v; want 3 in 3s, and exhaustion", executions, spent)
	}
	if !faults[0].fails(got) {
		t.Errorf("does not fail any more:\n%s", got)
	}
}

func TestShrinkingExecutesOnlyWhatIsPlausible(t *testing.T) {
	list, at := faults[3].victims(1, 30)
	plausible := possible(list[0], at[0])
	_, spent := ShrinkAt(list[0], at[0], func(c model.Sequence) bool {
		if !plausible(c) {
			t.Errorf("executed though not plausible:\n%s", c)
		}
		return faults[3].fails(c)
	}, Budget{Plausible: plausible})
	if spent.Executions == 0 {
		t.Error("got no executions, want some")
	}
}
