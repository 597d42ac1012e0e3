package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/model"
	"dsqlconform/reports"
)

// targeting are the flags that say what is tested, and how to get at it.
type targeting struct {
	Endpoint  []string `sep:"none" help:"Base URL of the target, or of one Region of it; repeatable. Default: an embedded reference endpoint." placeholder:"[REGION=]URL"`
	FromEnv   bool     `help:"Take the endpoint from AWS_ENDPOINT_URL_DSQL or AWS_ENDPOINT_URL."`
	Preset    string   `help:"Settings for a known target, such as moto or ministack, or a file with the same fields." placeholder:"NAME|FILE"`
	Reset     string   `help:"POST to this URL, or path below the endpoint, to empty the target first." placeholder:"URL"`
	Exec      string   `help:"Start the target with this shell command, and stop it at the end." placeholder:"CMD"`
	Connect   string   `help:"Touch the data plane of a cluster with this shell command: DSQL_IDENTIFIER and DSQL_REGION are in its environment." placeholder:"CMD"`
	Regions   []string `help:"Regions that may hold clusters. Default: us-east-1,us-east-2." placeholder:"A,B"`
	Witness   string   `help:"Witness Region. Default: us-west-2." placeholder:"R"`
	Settle    *span    `help:"How long a fair transition may take. Default: 10s on loopback." placeholder:"D"`
	ReadLag   *length  `help:"How old a read may be. Default: 0s on loopback, else 60s." placeholder:"D"`
	Revision  string   `help:"API revision, current or 2025-05-13. Default: the sequence's, else current." placeholder:"R"`
	OnlyMine  bool     `help:"Nobody else uses the account."`
	CABundle  string   `name:"ca-bundle" help:"PEM certificates to trust. Default: AWS_CA_BUNDLE, and the system's." placeholder:"FILE"`
	AllowHost []string `help:"Permit a host that is not loopback; repeatable." placeholder:"H"`
}

// site is a target that is ready to be asked.
type site struct {
	target   conformance.Target
	about    reports.Target
	preset   conformance.Preset
	settings conformance.Settings // what depends on the target
	died     func() error         // whether a target that was started has ended
	close    []func()
}

// Close releases what Open made, the last first.
func (s *site) Close() {
	for _, f := range slices.Backward(s.close) {
		f()
	}
}

// places are where the Regions of a target are.
type places struct {
	endpoints
	preset  conformance.Preset
	regions []model.Region
	witness model.Region
	local   bool // all endpoints are loopback
}

// loopbackSettle is how long a fair transition may take on loopback.
const loopbackSettle = 10 * time.Second

// use says what a target is opened for.
type use struct {
	seed    uint64         // of the choices of the embedded endpoint
	regions []model.Region // of a sequence that is replayed, or nil
	shared  bool           // other shards of the run ask the same target
}

// open makes the target ready. The caller closes the site, and gets none with
// an error.
func (f *targeting) open(ctx context.Context, u use) (_ *site, err error) {
	revision, err := model.ParseRevision(f.Revision)
	if err != nil {
		return nil, usage("--revision: %w", err)
	}
	at, err := f.places(u.regions)
	if err != nil {
		return nil, err
	}
	s := &site{preset: at.preset, died: func() error { return nil }}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	s.settings = conformance.Settings{
		Regions: at.regions, Witness: at.witness, Settle: at.preset.Settle, Workers: at.preset.Workers, Shared: !f.OnlyMine,
		Revision: revision, Quota: at.preset.Quota, Kinesis: at.preset.Kinesis, Account: at.preset.Account,
	}
	s.about = reports.Target{Name: at.preset.Name, Version: at.preset.Version, Preset: at.preset.Name, Witness: string(at.witness), Revision: revision.String()}
	for _, r := range at.regions {
		s.about.Regions = append(s.about.Regions, string(r))
	}
	options := awsdsql.Options{AllowHosts: f.AllowHost}
	if at.none() {
		if err := f.embed(s, &at, u.seed); err != nil {
			return nil, err
		}
		options.Credentials = embeddedKeys()
	} else {
		if err := f.reach(ctx, s, &at, &options); err != nil {
			return nil, err
		}
	}
	if s.settings.Principals, err = conformance.Permissions(at.preset.Principals); err != nil {
		return nil, usage("--preset: %w", err)
	}
	options.Principals = principalKeys(at.preset.Principals)
	options.Endpoint, options.Endpoints = at.all, at.region
	target, err := awsdsql.New(options)
	if err != nil {
		return nil, usage("%w", err)
	}
	s.close = append(s.close, target.Close)
	s.target = target
	s.about.Endpoint = at.text()
	if f.Connect != "" {
		s.settings.Connect = connector(f.Connect)
	}
	if err := f.prepare(ctx, &at, u, options.CABundle); err != nil {
		return nil, err
	}
	return s, nil
}

// places brings together the flags, the preset and the environment.
func (f *targeting) places(regions []model.Region) (at places, err error) {
	if f.Preset != "" {
		if at.preset, err = conformance.LookupPreset(f.Preset); err != nil {
			return at, usage("--preset: %w", err)
		}
	}
	if at.endpoints, err = parseEndpoints(f.Endpoint); err != nil {
		return at, usage("--endpoint: %w", err)
	}
	switch {
	case f.FromEnv && !at.none():
		return at, usage("got both --endpoint and --from-env, want one of them")
	case f.FromEnv:
		if at.all = firstOf(os.Getenv("AWS_ENDPOINT_URL_DSQL"), os.Getenv("AWS_ENDPOINT_URL")); at.all == "" {
			return at, usage("--from-env: neither AWS_ENDPOINT_URL_DSQL nor AWS_ENDPOINT_URL is set")
		}
		if err := checkURL(at.all); err != nil {
			return at, usage("--from-env: %w", err)
		}
	case at.none() && f.Preset != "":
		at.all, at.region = at.preset.Endpoint, maps.Clone(at.preset.Endpoints)
		for _, u := range at.list() {
			if err := checkURL(u); err != nil {
				return at, usage("--preset: %w", err)
			}
		}
		if at.none() {
			return at, usage("preset %s has no endpoint, want one, or --endpoint", at.preset.Name)
		}
	}
	given, err := parseRegions(f.Regions)
	if err != nil {
		return at, usage("--regions: %w", err)
	}
	for _, list := range [][]model.Region{given, regions, at.preset.Regions, {"us-east-1", "us-east-2"}} {
		if at.regions = list; len(list) > 0 {
			break
		}
	}
	at.witness = model.Region(firstOf(f.Witness, string(at.preset.Witness), "us-west-2"))
	if _, err := parseRegion(string(at.witness)); err != nil {
		return at, usage("--witness: %w", err)
	}
	for _, r := range at.regions {
		if !at.none() && at.all == "" && at.region[r] == "" {
			return at, usage("region %q has no endpoint, want --endpoint %s=URL", r, r)
		}
	}
	at.local = !slices.ContainsFunc(at.list(), func(u string) bool { return !awsdsql.Loopback(u) })
	at.preset = at.preset.At(firstOf(append([]string{at.all}, at.list()...)...))
	return at, nil
}

// reach finds out how to ask a target that is not embedded.
func (f *targeting) reach(ctx context.Context, s *site, at *places, options *awsdsql.Options) error {
	// Before anything is read or started: the endpoints must be allowed.
	_, err := awsdsql.New(awsdsql.Options{Endpoint: at.all, Endpoints: at.region, AllowHosts: f.AllowHost})
	if err != nil {
		return usage("%w (see --allow-host)", err)
	}
	switch {
	case f.Settle != nil:
		s.settings.Settle = time.Duration(*f.Settle)
	case s.settings.Settle == 0 && !at.local:
		return usage("a target that is not loopback needs --settle: how long a fair transition may take")
	case s.settings.Settle == 0:
		s.settings.Settle = loopbackSettle
	}
	s.settings.Remote = !at.local
	if !at.local {
		s.settings.ReadLag = time.Minute
	} else {
		s.settings.Shared = false // nobody else deletes what a run made on this machine
	}
	if at.preset.ReadLag != nil {
		s.settings.ReadLag = *at.preset.ReadLag
	}
	if f.ReadLag != nil {
		s.settings.ReadLag = time.Duration(*f.ReadLag)
	}
	if s.settings.Workers == 0 && at.local {
		s.settings.Workers = 4
	}
	if f.Exec != "" {
		p, err := start(ctx, f.Exec, at.list())
		if err != nil {
			return err
		}
		s.close = append(s.close, p.stop)
		s.died = p.died
	}
	// Only now: a target may make its certificate and keys at its start.
	if name := firstOf(f.CABundle, at.preset.CABundle, os.Getenv("AWS_CA_BUNDLE")); name != "" {
		if options.CABundle, err = os.ReadFile(name); err != nil {
			return usage("CA bundle: %w", err)
		}
	}
	if options.Credentials, err = keys(ctx, at.preset, at.local); err != nil {
		return usage("credentials: %w", err)
	}
	return nil
}

// prepare empties the target where that was asked for, or where it is ours.
func (f *targeting) prepare(ctx context.Context, at *places, u use, ca []byte) error {
	hook := conformance.Hook{Method: "POST", URL: f.Reset}
	if f.Reset == "" && (f.OnlyMine || f.Exec != "") && !u.shared {
		hook = at.preset.Reset
	}
	switch {
	case hook.URL == "":
		return nil
	case u.shared:
		return usage("--reset: other shards may be using the target")
	}
	base, err := url.Parse(at.list()[0])
	if err != nil {
		return usage("--reset: %w", err)
	}
	ref, err := base.Parse(hook.URL)
	if err != nil {
		return usage("--reset: got an address that is no URL, want one, or a path below the endpoint")
	}
	if _, err := awsdsql.New(awsdsql.Options{Endpoint: (&url.URL{Scheme: ref.Scheme, Host: ref.Host}).String(), AllowHosts: f.AllowHost}); err != nil {
		return usage("--reset: %w", err)
	}
	return reset(ctx, firstOf(hook.Method, "POST"), ref.String(), ca)
}

// text names the endpoints in a report.
func (e endpoints) text() string {
	text := e.all
	for _, r := range slices.Sorted(maps.Keys(e.region)) {
		if text != "" {
			text += " "
		}
		text += fmt.Sprintf("%s=%s", r, e.region[r])
	}
	return text
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
