package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/mutants"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/weather"
	"dsqlconform/model"
)

// serveCommand serves the reference endpoint until it is interrupted.
type serveCommand struct {
	Listen      string   `help:"Where to listen; port 0 takes a free one. Default: ${default}." default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Revision    string   `help:"API revision, current or 2025-05-13. Default: ${default}." default:"current" placeholder:"R"`
	Temperament string   `help:"How it behaves where it may choose: ${temperaments}. Default: ${default}." default:"plain" placeholder:"NAME"`
	Weather     []string `help:"Legal disturbances, the first outermost: ${weathers}." placeholder:"NAME"`
	Mutant      string   `help:"A seeded fault: ${mutants}." placeholder:"ID"`
	Principals  string   `help:"A JSON object of IAM policies by access key: they may do no more. The secret of an access key that is not known is ${secret}." placeholder:"FILE"`
	TLS         bool     `name:"tls" help:"Serve HTTPS, with a certificate of a private authority made at the start."`
	Regions     []string `help:"Regions that may hold clusters. Default: any." placeholder:"A,B"`
	AllowHost   []string `help:"Permit to listen on a host that is not loopback; repeatable." placeholder:"H"`
}

// serveSeed decides every choice of the endpoint and of the weather: two runs
// that ask the same get the same.
const serveSeed = 1

// ready is the first line on stdout.
type ready struct {
	Endpoint string `json:"endpoint"`
	CA       string `json:"ca"` // path of a PEM file, or ""
	PID      int    `json:"pid"`
}

// Run runs the command.
func (c *serveCommand) Run() (err error) {
	handler, err := c.handler()
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return usage("--listen: got %q, want HOST:PORT", c.Listen)
	}
	if _, err := awsdsql.New(awsdsql.Options{Endpoint: "http://" + c.Listen, AllowHosts: c.AllowHost}); err != nil {
		return usage("--listen: got host %q, want a loopback host or one that --allow-host names", host)
	}
	ctx, stop := interruptible()
	defer stop()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return usage("--listen: %w", err)
	}
	line := ready{Endpoint: "http://" + listener.Addr().String(), PID: os.Getpid()}
	if c.TLS {
		line.Endpoint = "https://" + listener.Addr().String()
		pair, ca, err := certify(host)
		if err != nil {
			return usage("--tls: %w", err)
		}
		dir, err := os.MkdirTemp("", name+"-")
		if err != nil {
			return usage("--tls: %w", err)
		}
		defer os.RemoveAll(dir)
		line.CA = filepath.Join(dir, "ca.pem")
		if err := os.WriteFile(line.CA, ca, 0o644); err != nil {
			return usage("--tls: %w", err)
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}})
	}
	server := newServer(handler)
	context.AfterFunc(ctx, func() {
		// What is being answered may end; nobody has to wait for long.
		grace, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			server.Close()
		}
	})
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return usage("%w", err)
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return usage("%w", err)
	}
	return nil
}

// handler returns the endpoint with all that is laid over it.
func (c *serveCommand) handler() (http.Handler, error) {
	revision, err := model.ParseRevision(c.Revision)
	if err != nil {
		return nil, usage("--revision: %w", err)
	}
	regions, err := parseRegions(c.Regions)
	if err != nil {
		return nil, usage("--regions: %w", err)
	}
	temperament, ok := reference.LookupTemperament(c.Temperament)
	if !ok {
		return nil, usage("--temperament: got %q, want one of %s", c.Temperament, strings.Join(temperaments(), ", "))
	}
	wrap, lag, err := weather.Compose(c.Weather, weather.Config{Seed: serveSeed})
	if err != nil {
		return nil, usage("--weather: %w", err)
	}
	if lag > 0 {
		slog.New(slog.NewTextHandler(os.Stderr, nil)).Warn("this weather needs a run with --read-lag", "read_lag", lag)
	}
	fault := mutants.Mutant{}
	if c.Mutant != "" {
		if fault, ok = mutants.Lookup(c.Mutant); !ok {
			return nil, usage("--mutant: got %q, want one of %s", c.Mutant, strings.Join(faults(), ", "))
		}
	}
	known, err := accepted()
	if err != nil {
		return nil, usage("credentials: %w", err)
	}
	options := reference.Options{Seed: serveSeed, Temperament: temperament, Revision: revision, Regions: regions, Credentials: known}
	if c.Principals != "" {
		all, err := readPrincipals(c.Principals)
		if err != nil {
			return nil, usage("--principals: %w", err)
		}
		admit(&options, all)
	}
	return wrap(fault.Handler(options)), nil
}

func temperaments() []string {
	var names []string
	for _, t := range reference.Temperaments() {
		names = append(names, t.Name)
	}
	return names
}

func weathers() []string {
	var names []string
	for _, w := range weather.All() {
		names = append(names, w.Name)
	}
	return names
}

func faults() []string {
	var names []string
	for _, m := range mutants.All() {
		names = append(names, m.ID)
	}
	return names
}
