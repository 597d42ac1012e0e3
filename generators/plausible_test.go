package generators

import (
	"testing"

	"dsqlconform/model"
)

func TestPlausibleDropsWhatCannotBreakTheRule(t *testing.T) {
	parse := func(text string) model.Sequence {
		s, err := model.ParseSequence("# dsqlseq 1\n" + text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := parse("c1 = create us-east-1\nget c1\ndelete c1\n")
	plausible := Plausible(s, 2, "DSQL-DEL-002") // deletion protection forbids DeleteCluster
	for _, test := range []struct {
		says, text string
		want       bool
	}{
		{"the sequence itself", "c1 = create us-east-1\nget c1\ndelete c1\n", true},
		{"without what does not matter", "c1 = create us-east-1\ndelete c1\n", true},
		{"without the operation", "c1 = create us-east-1\nget c1\n", false},
		{"without the cluster", "delete c1\n", false},
		{"without the protection", "c1 = create us-east-1 protection=off\ndelete c1\n", false},
		{"with the protection turned off meanwhile", "c1 = create us-east-1\nupdate c1 protection=off\ndelete c1\n", false},
	} {
		if got := plausible(parse(test.text)); got != test.want {
			t.Errorf("%s: got plausible=%v, want %v", test.says, got, test.want)
		}
	}
	if Plausible(s, 3, "DSQL-DEL-002") != nil {
		t.Error("got a filter for a line that is none, want none")
	}
}
