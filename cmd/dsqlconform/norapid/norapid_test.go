package norapid_test

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"testing"

	"pgregory.net/rapid"

	_ "dsqlconform/cmd/dsqlconform/norapid"
)

// TestMain says the environment in a child of this test.
func TestMain(m *testing.M) {
	if os.Getenv("NORAPID_CHILD") != "" {
		rapid.Just(1).Example(1) // links rapid, whose start this is about
		for _, name := range []string{"RAPID_SEED", "RAPID_CHECKS", "RAPIDLY"} {
			value, set := os.LookupEnv(name)
			os.Stdout.WriteString(name + "=" + value + map[bool]string{false: " (unset)"}[set] + "\n")
		}
		return
	}
	os.Exit(m.Run())
}

func TestRapidStartsWhateverTheEnvironmentSays(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = slices.Concat(os.Environ(), []string{"NORAPID_CHILD=1", "RAPID_SEED=minus one", "RAPID_CHECKS=5", "RAPIDLY=kept"})
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	if want := "RAPID_SEED= (unset)\nRAPID_CHECKS= (unset)\nRAPIDLY=kept\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
