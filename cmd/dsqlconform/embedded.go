package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// embeddedWorkers is how many sequences run at a time on the embedded endpoint:
// most of them wait for a transition.
const embeddedWorkers = 16

// embed starts the reference endpoint on loopback and makes it the target.
func (f *targeting) embed(s *site, at *places, seed uint64) error {
	switch {
	case f.Exec != "":
		return usage("--exec: the target that it starts needs --endpoint or --preset")
	case f.Reset != "":
		return usage("--reset: the embedded endpoint is always empty")
	}
	options := reference.Options{
		Seed: seed, Revision: s.settings.Revision, Regions: at.regions,
		Credentials: map[string]string{reference.AccessKey: reference.SecretKey},
	}
	principals, may, err := embeddedPrincipals(at)
	if err != nil {
		return usage("the embedded endpoint: %w", err)
	}
	admit(&options, may)
	at.preset.Principals = principals
	endpoint := reference.New(options)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return usage("the embedded endpoint cannot listen: %w", err)
	}
	server := newServer(endpoint)
	go server.Serve(listener) //nolint:errcheck // it ends when it is closed
	s.close = append(s.close, func() { server.Close() })
	at.all = "http://" + listener.Addr().String()

	s.about.Name = "reference"
	s.settings.Shared = false
	s.settings.Workers = embeddedWorkers
	s.settings.Connect = func(_ context.Context, identifier string, _ model.Region) error { return endpoint.Connect(identifier) }
	s.settings.Kinesis = conformance.MadeUp // it delivers nothing, and so takes any
	s.settings.Settle = loopbackSettle
	if f.Settle != nil {
		s.settings.Settle = time.Duration(*f.Settle)
	}
	if f.ReadLag != nil {
		s.settings.ReadLag = time.Duration(*f.ReadLag)
	}
	return nil
}

// newServer returns a server that no client can hold up for ever.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       time.Minute,
		ErrorLog:          quiet(),
	}
}
