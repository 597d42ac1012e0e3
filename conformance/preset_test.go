package conformance

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestEveryPresetFileIsAPreset(t *testing.T) {
	entries, err := presetFiles.ReadDir("presets")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok && !strings.HasSuffix(name, ".known") {
			names = append(names, name)
		}
	}
	if diff := cmp.Diff(presetNames, names, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("the names (-) and the files (+) differ:\n%s", diff)
	}
	for _, p := range Presets() {
		t.Run(p.Name, func(t *testing.T) {
			if !slices.Contains(presetNames, p.Name) {
				t.Errorf("got name %q, want that of the file", p.Name)
			}
			u, err := url.Parse(p.Endpoint)
			if err != nil || u.Hostname() != "127.0.0.1" || u.Port() == "" || u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("got endpoint %q, want a URL on 127.0.0.1", p.Endpoint)
			}
			if len(p.Regions) < 2 || p.Witness == "" || slices.Contains(p.Regions, p.Witness) {
				t.Errorf("got Regions %v and witness %q, want two Regions and another", p.Regions, p.Witness)
			}
			if p.Account != "" && !regexp.MustCompile(`^[0-9]{12}$`).MatchString(p.Account) {
				t.Errorf("got account %q, want 12 digits", p.Account)
			}
			if p.Settle < time.Second {
				t.Errorf("got settle %v, want a second at least", p.Settle)
			}
			if p.Says == "" || strings.HasSuffix(p.Says, ".") {
				t.Errorf("got %q, want a sentence without a full stop", p.Says)
			}
			if p.Verified && (p.Version == "" || len(p.Launch.Argv) == 0 || p.Launch.Ready == "" || p.Reset.URL == "") {
				t.Errorf("got a verified preset without version, launch or reset: %+v", p)
			}
		})
	}
}

func TestAPresetIsFilledInForAnEndpoint(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	p := Preset{
		Endpoint: "http://127.0.0.1:1", CABundle: "~/a/{port}/ca.pem", Credentials: Keys{File: "~x/{port}"},
		Launch: Launch{Argv: []string{"serve", "-p", "{port}"}, Env: map[string]string{"AT": "127.0.0.1:{port}"}, Ready: "{endpoint}/ready"},
	}
	before := p
	got := p.At("https://127.0.0.1:9297/")
	want := Preset{
		Endpoint: "https://127.0.0.1:9297/", CABundle: "/home/me/a/9297/ca.pem", Credentials: Keys{File: "~x/9297"},
		Launch: Launch{Argv: []string{"serve", "-p", "9297"}, Env: map[string]string{"AT": "127.0.0.1:9297"}, Ready: "https://127.0.0.1:9297/ready"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, p); diff != "" {
		t.Errorf("the preset itself changed:\n%s", diff)
	}
	if got := p.At("").Launch.Argv[2]; got != "1" {
		t.Errorf("got port %q of the preset's own endpoint, want 1", got)
	}
}

func TestAPresetFileIsReadWithItsKnownDivergences(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	write("list.json", `[{"name": "n", "signature": "R/O/s/r/x", "sequence": ["c1 = create us-east-1"]}]`)
	got, err := LookupPreset(write("mine.json", `{"name": "mine", "settle": "2s", "read_lag": "0s", "known": "list.json"}`))
	if err != nil {
		t.Fatal(err)
	}
	lag := time.Duration(0)
	want := Preset{Name: "mine", Settle: 2 * time.Second, ReadLag: &lag,
		Known: []Divergence{{Name: "n", Signature: "R/O/s/r/x", Sequence: []string{"c1 = create us-east-1"}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoPresetIsAnError(t *testing.T) {
	for text, want := range map[string]string{
		``:                                  "EOF",
		`null`:                              `no "name"`,
		`[]`:                                "cannot unmarshal",
		`{}`:                                `no "name"`,
		`{"name": "x"} {}`:                  "more than one value",
		`{"name": "x", "endpiont": "y"}`:    "endpiont",
		`{"name": "x", "reset": {"u": 1}}`:  "unknown field",
		`{"name": "x", "settle": "-1s"}`:    "settle",
		`{"name": "x", "settle": 3}`:        "settle",
		`{"name": "x", "read_lag": "soon"}`: "read_lag",
		`{"name": "x", "workers": -1}`:      "workers",
	} {
		if _, _, err := parsePreset([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one about %s", text, err, want)
		}
	}
	for name, want := range map[string]string{
		"nosuch":                     "want a file or one of moto",
		"./nosuch.json":              "no such file",
		path.Join("presets", "moto"): "no such file",
	} {
		if _, err := LookupPreset(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one about %s", name, err, want)
		}
	}
}

func FuzzParsePreset(f *testing.F) {
	f.Add([]byte(`{"name": "x", "settle": "1s", "endpoints": {"us-east-1": "http://h"}}`))
	for _, name := range presetNames {
		data, err := presetFiles.ReadFile("presets/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, _, err := parsePreset(data)
		if err != nil {
			return
		}
		if p.Name == "" || p.Settle < 0 || p.ReadLag != nil && *p.ReadLag < 0 {
			t.Errorf("got %+v", p)
		}
		p.At("http://127.0.0.1:1")
	})
}
