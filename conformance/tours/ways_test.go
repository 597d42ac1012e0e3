package tours_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"dsqlconform/model/explore"
)

// A candidate begins with a way: the lines that bring clusters to where something
// is to be asked. The ways are those of the explored graph, which takes them for
// granted; a test has to wait for what the service does.

// byHand are ways that the shortest ones do not show.
var byHand = [][]string{
	{"c1 = create us-east-1 protection=off", "await c1 ACTIVE", "wait 65s", "get c1", "wait 65s", "get c1", "connect c1", "get c1", "wait 65s", "get c1", "wait 65s", "get c1"},
}

var (
	byItself = regexp.MustCompile(`^# (c\d+): \S+ to (\S+), by the service$`)
	creates  = regexp.MustCompile(`^(c\d+) = create (\S+)`)
	streams  = regexp.MustCompile(`^(s\d+) = create-stream (c\d+)`)
	failing  = regexp.MustCompile(`^await (c\d+) FAILED$`)
	cluster  = regexp.MustCompile(`\bc\d+\b`)
)

// ways returns the ways to every point of the explored graph, shortest first:
// each up to its last step, so that other things can be asked there; waiting, too,
// until what that step is about stands as it should; and whole, where the point is
// an edge or hangs on a token.
func ways() [][]string {
	var list [][]string
	seen := map[string]bool{}
	add := func(way []string) {
		way = staged(keyed(way))
		if text := strings.Join(way, "\n"); !seen[text] {
			seen[text] = true
			list = append(list, way)
		}
	}
	for _, w := range explore.Reach() {
		var way []string
		for _, step := range w.Lines[:len(w.Lines)-1] {
			way = append(way, patient(step)...)
		}
		last := w.Lines[len(w.Lines)-1]
		add(way)
		if status := strings.Fields(w.To)[1]; !w.Edge && status != "none" {
			add(append(slices.Clip(way), "await "+cluster.FindString(last)+" "+status))
		}
		if w.Edge || strings.Contains(strings.Join(w.Lines, " "), "token=") {
			add(append(slices.Clip(way), patient(last)...))
		}
	}
	for _, way := range byHand {
		add(way)
	}
	slices.SortStableFunc(list, func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
	})
	return list
}

// patient returns the lines by which a test takes a step, and sees that it is
// taken. Nothing is protected, so that everything can be deleted, and nobody is
// asked in the Region of the witness, where a run need not have a target.
func patient(step string) []string {
	step = strings.Replace(step, " @us-west-2", " @us-east-2", 1)
	own := byItself.FindStringSubmatch(step)
	switch {
	case strings.HasPrefix(step, "connect "):
		return []string{step, "get " + strings.TrimPrefix(step, "connect ")}
	case own == nil && creates.MatchString(step) && !strings.Contains(step, "protection="):
		return []string{creates.ReplaceAllString(step, "$0 protection=off")}
	case own == nil:
		return []string{step}
	case slices.Contains([]string{"ACTIVE", "IDLE", "INACTIVE"}, own[2]): // it takes a minute without a call
		return []string{"wait 65s", "get " + own[1]}
	}
	return []string{"await " + own[1] + " " + own[2]}
}

// keyed gives a customer's key to the clusters that are to fail: there is a
// temperament that cannot use it.
func keyed(way []string) []string {
	way = slices.Clone(way)
	for _, line := range way {
		fails := failing.FindStringSubmatch(line)
		for i := range way {
			if c := creates.FindStringSubmatch(way[i]); fails != nil && c != nil && c[1] == fails[1] && !strings.Contains(way[i], " key=") {
				way[i] += " key=alias/k"
			}
		}
	}
	return way
}

// staged waits for DELETING before DELETED, so that neither is slept through.
func staged(way []string) (out []string) {
	for _, line := range way {
		if about, ok := strings.CutSuffix(line, " DELETED"); ok {
			out = append(out, about+" DELETING")
		}
		out = append(out, line)
	}
	return out
}

// abouts returns the clusters that a way makes; of one that makes none, the
// cluster that there never was.
func abouts(way []string) (list []string) {
	for _, line := range way {
		if m := creates.FindStringSubmatch(line); m != nil {
			list = append(list, m[1])
		}
	}
	if list == nil {
		return []string{"c1"}
	}
	return list
}

// policy is a resource policy that every service has to take.
const policy = `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::${account}:root\"},\"Action\":\"dsql:DbConnect\",\"Resource\":\"*\"}]}"`

// still is what can be asked of a cluster C without moving it: what may succeed,
// and, asked in another Region R, what cannot.
var still = []string{
	"get C", "vpc C", "tags C", "tag C a=1", "untag C a", "list-streams C",
	"get-policy C", "delete-policy C", "put-policy C " + policy, "get-policy C", "delete-policy C",
	"get-stream C/s1", "delete-stream C/s1", "s7 = create-stream C", "get-stream C/s7", "delete-stream C/s7", "get-stream C/s9", "delete-stream C/s9",
	"get C @R", "vpc C @R", "tags C @R", "tag C @R a=1", "untag C @R a", "list-streams C @R", "get-policy C @R", "delete-policy C @R",
	"put-policy C @R " + policy, "s8 = create-stream C @R", "get-stream C/s9 @R", "delete-stream C/s9 @R", "update C @R protection=off", "delete C @R",
}

// moves are what may be asked in the end.
var moves = [][]string{
	{"update C protection=off", "delete C"},
	{"update C protection=on", "delete C", "wait 65s", "get C"},
	{"delete C", "delete C"},
	{"delete C token=t1", "update C protection=off"},
	{"connect C", "get C"},
}

// lonely is what is asked where there is no cluster.
var lonely = []string{"update C protection=off", "delete C", "c2 = create us-east-2 witness=us-east-2", "list us-east-1", `list us-east-1 next="x"`}

// lush returns what can be asked at the end of a way of one cluster that it makes,
// in full.
func lush(way []string, c string) (list [][]string) {
	other := "us-east-2"
	for _, line := range way {
		if m := creates.FindStringSubmatch(line); m != nil && m[1] == c && m[2] == other {
			other = "us-east-1"
		}
	}
	ends := moves
	if len(way) == 0 {
		ends = [][]string{lonely}
	}
	for _, end := range ends {
		lines := slices.Clone(way)
		for _, ask := range slices.Concat(still, end) {
			ask = strings.Replace(ask, " C/", " "+c+"/", 1)
			ask = strings.Replace(ask, " C", " "+c, 1)
			lines = append(lines, strings.Replace(ask, "@R", "@"+other, 1))
		}
		list = append(list, lines)
	}
	return list
}
