package spin_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"dsqlconform/model/explore"
)

// toolbox is the environment variable with the absolute path of tla2tools.jar, which
// TLC is in.
const toolbox = "DSQLCONFORM_TLC"

var distinctLine = regexp.MustCompile(`(?m)^\d+ states generated, (\d+) distinct states found, 0 states left on queue\.$`)

// tlc has TLC check a module with a configuration, in a directory that holds both.
// It returns how many distinct states there are. A property that does not hold is
// an error.
func tlc(jar, dir, module, config string) (int, error) {
	out, err := output(dir, "java", "-cp", jar, "tlc2.TLC", "-deadlock", "-workers", "1", "-metadir", filepath.Join(dir, config+".states"), "-config", config, module)
	if err != nil {
		return 0, err
	}
	m := distinctLine.FindStringSubmatch(out)
	if m == nil || !strings.Contains(out, "No error has been found") {
		return 0, fmt.Errorf("got no complete check without errors, %s", tail(out))
	}
	return strconv.Atoi(m[1])
}

// The model in TLA+ holds its properties, and has as many states and steps as the
// one in Promela.
func TestTLCCountsTheSame(t *testing.T) {
	jar := os.Getenv(toolbox)
	if jar == "" {
		missing := "no " + toolbox + ", the absolute path of tla2tools.jar (.ci/tlc fetches it and prints it)"
		if _, err := exec.LookPath("java"); err == nil && os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	requireSpin(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	for _, bounds := range []string{"alone", "pair"} { // three takes half a minute, for its liveness
		p, _ := explore.LookupAbstract(bounds)
		them, err := theirs[p.Name]()
		if err != nil {
			t.Fatal(err)
		}
		config := bounds + ".cfg"
		text, err := os.ReadFile(config)
		if err != nil {
			t.Fatal(err)
		}
		constants, _, _ := strings.Cut(string(text), "SPECIFICATION")
		if err := os.WriteFile(filepath.Join(dir, "steps-"+config), []byte(constants+"SPECIFICATION StepsSpec\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			module, config string
			want           int
		}{{"Dsql", config, len(them.states)}, {"Steps", "steps-" + config, len(them.steps) + 1}} {
			got, err := tlc(jar, dir, c.module, c.config)
			if err != nil {
				t.Errorf("%s with %s: %v", c.module, c.config, err)
			} else if got != c.want {
				t.Errorf("%s with %s: got %d distinct states, want %d", c.module, c.config, got, c.want)
			}
			t.Logf("%s with %s: %d distinct states", c.module, c.config, got)
		}
	}
}
