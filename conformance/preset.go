package conformance

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dsqlconform/model"
)

// Preset is what is known about a target that people run: how to reach it, how
// to judge it, and where it is known to diverge. The zero value of a member
// means that nothing is known. CABundle, Credentials.File and Launch hold
// placeholders, which [Preset.At] fills in: "{endpoint}", its "{port}", and
// "~/" before a path.
type Preset struct {
	Name    string `json:"name"`
	Says    string `json:"says"`    // what it is, one sentence without a full stop
	Version string `json:"version"` // the version that the facts are about
	// Verified says that the facts were seen in a run of that version; else
	// they are taken from its documentation.
	Verified bool `json:"verified"`

	Endpoint  string                  `json:"endpoint"`  // base URL of every Region that Endpoints lacks
	Endpoints map[model.Region]string `json:"endpoints"` // base URLs of single Regions
	Regions   []model.Region          `json:"regions"`   // that may hold clusters
	Witness   model.Region            `json:"witness"`
	Account   string                  `json:"account"` // 12 digits

	Credentials Keys   `json:"credentials"`
	CABundle    string `json:"ca_bundle"` // path of PEM certificates to trust

	Quota   model.Quota `json:"quota"`   // what it allows, as far as it is known: "single", "multi", "streams"
	Kinesis Kinesis     `json:"kinesis"` // where its streams can deliver to
	// Principals may ask too, and less than the run's own.
	Principals []Principal `json:"principals"`

	Reset   Hook           `json:"reset"` // empties the target, whoever owns what is in it
	Settle  time.Duration  `json:"-"`     // "settle": how long a fair transition may take
	ReadLag *time.Duration `json:"-"`     // "read_lag": how old a read may be
	Workers int            `json:"workers"`

	NotImplemented []string `json:"not_implemented"` // names of operations
	Launch         Launch   `json:"launch"`

	Known []Divergence `json:"-"` // "known": the file that holds the list, beside the preset
}

// Keys are dummy credentials, or say where a target leaves those that it made.
// None of them is a secret.
type Keys struct {
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	File      string `json:"file"` // path of a credentials file with a default profile
}

// Hook is an HTTP request to the target. URL is absolute, or a path below the
// endpoint.
type Hook struct {
	Method string `json:"method"`
	URL    string `json:"url"`
}

// Launch says how to start a target by hand, or in a test.
type Launch struct {
	Install string            `json:"install"` // how it is had, for people
	Argv    []string          `json:"argv"`
	Env     map[string]string `json:"env"`
	Ready   string            `json:"ready"` // URL that answers 200 once it is ready
}

// At returns the preset for a target at the base URL endpoint, "" for the
// preset's own, with its placeholders filled in. The preset is left as it was.
func (p Preset) At(endpoint string) Preset {
	if endpoint != "" {
		p.Endpoint = endpoint
	}
	port, endpoint := "", strings.TrimSuffix(p.Endpoint, "/")
	if u, err := url.Parse(endpoint); err == nil {
		port = u.Port()
	}
	fill := strings.NewReplacer("{endpoint}", endpoint, "{port}", port).Replace
	file := func(name string) string {
		if rest, ok := strings.CutPrefix(name, "~/"); ok {
			if home, err := os.UserHomeDir(); err == nil {
				name = filepath.Join(home, rest)
			}
		}
		return fill(name)
	}
	p.CABundle, p.Credentials.File = file(p.CABundle), file(p.Credentials.File)
	p.Launch.Ready = fill(p.Launch.Ready)
	p.Launch.Argv = slices.Clone(p.Launch.Argv)
	for i, arg := range p.Launch.Argv {
		p.Launch.Argv[i] = fill(arg)
	}
	p.Launch.Env = maps.Clone(p.Launch.Env)
	for key, value := range p.Launch.Env {
		p.Launch.Env[key] = fill(value)
	}
	return p
}

//go:embed presets/*.json
var presetFiles embed.FS

// presetNames is the order of the presets: those that were seen in runs first.
var presetNames = []string{
	"moto", "ministack",
	"aws-emulator", "localstack", "fakecloud", "gopherstack", "floci", "winterbaume", "stackyard", "robotocore",
}

// Presets returns the presets that come with this package. The caller owns the
// result.
func Presets() []Preset {
	list := make([]Preset, 0, len(presetNames))
	for _, name := range presetNames {
		p, err := builtIn(name)
		if err != nil {
			panic(err) // an embedded file, which a test reads
		}
		list = append(list, p)
	}
	return list
}

// LookupPreset returns the preset with that name, or the one in that file: a
// JSON object with the same members. What contains a "." or a path separator is
// a file.
func LookupPreset(nameOrFile string) (Preset, error) {
	if !strings.ContainsAny(nameOrFile, `./\`) {
		p, err := builtIn(nameOrFile)
		if errors.Is(err, fs.ErrNotExist) {
			return p, fmt.Errorf("got preset %q, want a file or one of %s", nameOrFile, strings.Join(presetNames, ", "))
		}
		return p, err
	}
	dir := filepath.Dir(nameOrFile)
	return readPreset(nameOrFile, os.ReadFile, func(known string) string { return filepath.Join(dir, known) })
}

func builtIn(name string) (Preset, error) {
	return readPreset("presets/"+name+".json", presetFiles.ReadFile, func(known string) string { return path.Join("presets", known) })
}

// readPreset reads a preset and its list of known divergences, which lies where
// beside says.
func readPreset(name string, read func(string) ([]byte, error), beside func(string) string) (Preset, error) {
	fail := func(err error) (Preset, error) { return Preset{}, fmt.Errorf("preset %s: %w", name, err) }
	data, err := read(name)
	if err != nil {
		return fail(err)
	}
	p, known, err := parsePreset(data)
	if err != nil {
		return fail(err)
	}
	if known == "" {
		return p, nil
	}
	if data, err = read(beside(known)); err != nil {
		return fail(err)
	}
	if p.Known, err = ParseKnown(data); err != nil {
		return fail(fmt.Errorf("%s: %w", known, err))
	}
	return p, nil
}

// parsePreset reads a preset and the name of its list of known divergences.
func parsePreset(data []byte) (p Preset, known string, err error) {
	var file struct {
		*Preset
		Settle  string `json:"settle"`
		ReadLag string `json:"read_lag"`
		Known   string `json:"known"`
	}
	file.Preset = &p
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return Preset{}, "", err
	}
	if _, err := dec.Token(); err != io.EOF {
		return Preset{}, "", errors.New("got more than one value, want one object")
	}
	if p.Name == "" {
		return Preset{}, "", errors.New(`got no "name", want one`)
	}
	if file.Settle != "" {
		if p.Settle, err = length("settle", file.Settle); err != nil {
			return Preset{}, "", err
		}
	}
	if file.ReadLag != "" {
		lag, err := length("read_lag", file.ReadLag)
		if err != nil {
			return Preset{}, "", err
		}
		p.ReadLag = &lag
	}
	if p.Workers < 0 {
		return Preset{}, "", fmt.Errorf("got %d workers, want at least 1", p.Workers)
	}
	return p, file.Known, nil
}

func length(member, text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("got %s %q, want a duration such as 10s", member, text)
	}
	return d, nil
}
