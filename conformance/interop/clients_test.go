//go:build unix

package interop_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dsqlconform/conformance/reference"
)

// The clients that AWS publishes find a service in the reference endpoint: each
// goes through the choreographies of a single-Region and of a multi-Region
// cluster, tags, a policy, a stream and pages.
func TestOfficialClients(t *testing.T) {
	cache := func(name, variable string) string {
		if dir := os.Getenv(variable); dir != "" {
			return dir
		}
		home, err := os.UserHomeDir()
		if err != nil {
			t.Fatal(err)
		}
		if xdg := os.Getenv("XDG_CACHE_HOME"); xdg != "" {
			return filepath.Join(xdg, "dsqlconform", name)
		}
		return filepath.Join(home, ".cache", "dsqlconform", name)
	}
	python, node := cache("venv/bin", "DSQLCONFORM_EMULATORS"), cache("node", "DSQLCONFORM_NODE")
	script := func(name string) string { return filepath.Join("testdata", "clients", name) }
	for _, c := range []struct {
		name, needs string
		argv        []string // the endpoint follows
	}{
		{"boto3", filepath.Join(python, "aws"), []string{filepath.Join(python, "python"), script("boto3_client.py")}},
		{"aws cli", filepath.Join(python, "aws"), []string{"bash", script("awscli.sh"), filepath.Join(python, "aws")}},
		{"javascript", filepath.Join(node, "node_modules", "@aws-sdk", "client-dsql"), []string{"node", script("javascript.mjs"), node}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := os.Stat(c.needs); err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatalf("%s is missing: .ci/emulators and .ci/clients install it", c.needs)
				}
				t.Skipf("%s is missing: .ci/emulators and .ci/clients install it", c.needs)
			}
			server := httptest.NewServer(reference.New(reference.Options{Seed: 1, Settle: 50 * time.Millisecond}))
			defer server.Close()
			home := t.TempDir()
			cmd := exec.CommandContext(t.Context(), c.argv[0], append(c.argv[1:], server.URL)...)
			cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") })
			cmd.Env = append(cmd.Env, "HOME="+home, "NO_PROXY=*", "AWS_EC2_METADATA_DISABLED=true",
				"AWS_ACCESS_KEY_ID="+reference.AccessKey, "AWS_SECRET_ACCESS_KEY="+reference.SecretKey)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", c.name, err, out)
			}
		})
	}
}
