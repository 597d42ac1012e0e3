package conformance_test

import (
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/conformance"
	"dsqlconform/conformance/mutants"
)

// The message of a finding, word for word: no identifier of the target, no
// time, and the same whenever the fault is the same.
func TestMessage(t *testing.T) {
	const want = `DSQL-CRE-001: deletion protection is on unless the create turns it off
violation (safety, modelled), in CreateCluster of a cluster that is none (none)

> c1 = create us-east-1

got  ok c1 CREATING protection=off encryption=AWS_OWNED_KMS_KEY/ENABLED
want ok c1 (fresh) CREATING protection=on multi=absent encryption=AWS_OWNED_KMS_KEY/ENABLED|ENABLING|UPDATING|KMS_KEY_INACCESSIBLE
want ServiceQuotaExceededException
see  F032: A new cluster is protected against deletion unless the request says otherwise (M-SMI, D-SRCLI) https://github.com/aws/aws-sdk-go-v2/blob/main/codegen/sdk-codegen/aws-models/dsql.json https://docs.aws.amazon.com/aurora-dsql/latest/userguide/configuring-single-region-clusters.html`
	m, _ := mutants.Lookup("protection-off-by-default")
	message := func(lines string) (text string) {
		synctest.Test(t, func(t *testing.T) {
			set := conformance.SettingsOf([]conformance.Option{conformance.With(conformance.Settings{Settle: settle, Shrinking: time.Hour})})
			text = conformance.CheckOne(t, over(t, m.Handler(options(t, "plain", 1))), &set, "protection", parse(t, lines))
		})
		return text
	}
	short := message("c1 = create us-east-1")
	long := message("list us-east-1\nc1 = create us-east-2 protection=on token=t1\nget c1\nc2 = create us-east-2 tags=a=b witness=us-west-2 token=t2 !twice\nget c2")
	if diff := cmp.Diff(short, long); diff != "" {
		t.Errorf("one fault has two messages (-short +long):\n%s", diff)
	}
	if diff := cmp.Diff(want, short); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	clean(t, long)
	if got := message("c1 = create us-east-1 protection=off\nawait c1 ACTIVE\ndelete c1"); got != "" {
		t.Errorf("got %q for a sequence that does not show the fault, want nothing", got)
	}
}

// clean fails when a text holds what differs from run to run.
func clean(t *testing.T, text string) {
	t.Helper()
	for what, pattern := range map[string]string{
		"an identifier": `\b[a-z0-9]{26}\b`,
		"a token":       `\b[a-z0-9]{36}\b`,
		"a time":        `\d\d:\d\d:\d\d|\b\d+(\.\d+)?(ms|µs)\b`,
		"an account":    `\b\d{12}\b`,
	} {
		if found := regexp.MustCompile(pattern).FindString(text); found != "" {
			t.Errorf("got %s in the message: %q", what, found)
		}
	}
}

// checks sets how many sequences rapid draws.
func checks(t *testing.T, n string) {
	t.Helper()
	was := flag.Lookup("rapid.checks").Value.String()
	if err := flag.Set("rapid.checks", n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { flag.Set("rapid.checks", was) })
}

func TestRunOfAConformingTarget(t *testing.T) {
	checks(t, "3")
	target, told := conditions{temperament: "fast"}.start(t, 1)
	conformance.Run(t, target, conformance.With(told))
}

// TestRunOfAMutant fails, and is run by the test below only.
func TestRunOfAMutant(t *testing.T) {
	id := os.Getenv("DSQLCONFORM_TEST_MUTANT")
	if id == "" {
		t.Skip("it is run by TestRunFails")
	}
	m, ok := mutants.Lookup(id)
	if !ok {
		t.Fatalf("got mutant %q, want one of the table", id)
	}
	target := &recorder{Target: over(t, m.Handler(options(t, "fast", 1)))}
	t.Cleanup(func() { t.Logf("the target was called %d times", len(target.calls)) })
	conformance.Run(t, target, conformance.Settle(settle), conformance.Only("protection"))
}

func TestRunFails(t *testing.T) {
	run := func() string {
		cmd := exec.Command(os.Args[0], "-test.run=^TestRunOfAMutant$", "-test.v", "-rapid.seed=3", "-rapid.checks=60", "-rapid.nofailfile", "-rapid.shrinktime=2s")
		cmd.Env = append(os.Environ(), "DSQLCONFORM_TEST_MUTANT=protection-off-by-default")
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("got a run of a mutant that passes, want a failure:\n%s", out)
		}
		return string(out)
	}
	out := run()
	for _, want := range []string{
		"--- FAIL: TestRunOfAMutant/protection", "DSQL-CRE-001: deletion protection is on unless the create turns it off", "> c1 = create us-east-1\n", "see  F032",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("got output without %q:\n%s", want, out)
		}
	}
	for _, unwanted := range []string{"flaky", "panic"} {
		if strings.Contains(out, unwanted) {
			t.Errorf("got output with %q:\n%s", unwanted, out)
		}
	}
	called := regexp.MustCompile(`called (\d+) times`)
	if first, again := called.FindString(out), called.FindString(run()); first != again {
		t.Errorf("the same seed %q, then %q: want the same calls, whatever rapid asks afterwards", first, again)
	}
}
