package awsdsql

import (
	"context"
	"testing"

	"dsqlconform/model"
)

func TestLoopbackIsThisMachineAlone(t *testing.T) {
	for endpoint, want := range map[string]bool{
		"http://127.0.0.1:4566":              true,
		"https://127.255.0.9":                true,
		"http://[::1]:80":                    true,
		"http://[::ffff:127.0.0.1]":          true,
		"http://LocalHost:1":                 true,
		"http://0.0.0.0":                     false,
		"http://10.0.0.1":                    false,
		"http://[::]":                        false,
		"http://localhost.example.com":       false,
		"http://127.0.0.1.example.com":       false,
		"http://localhost@example.com":       false,
		"https://dsql.us-east-1.api.aws":     false,
		"127.0.0.1:4566":                     false,
		"":                                   false,
		"http://2130706433":                  false,
		"http://127.0.0.1:4566@example.com/": false,
	} {
		if got := Loopback(endpoint); got != want {
			t.Errorf("%q: got %t, want %t", endpoint, got, want)
		}
	}
}

func TestOptionsThatCannotBeUsedAreRefused(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		ok      bool
	}{
		{"nothing at all", Options{}, false},
		{"a loopback endpoint", Options{Endpoint: "http://127.0.0.1:1"}, true},
		{"a foreign endpoint", Options{Endpoint: "https://example.com"}, false},
		{"a foreign endpoint that is allowed", Options{Endpoint: "https://Example.com:8", AllowHosts: []string{"example.COM"}}, true},
		{"a foreign endpoint where another is allowed", Options{Endpoint: "https://example.com", AllowHosts: []string{"example.org"}}, false},
		{"a foreign endpoint of one Region", Options{Endpoint: "http://[::1]:1", Endpoints: map[model.Region]string{"r": "http://10.0.0.1"}}, false},
		{"another scheme", Options{Endpoint: "ftp://127.0.0.1"}, false},
		{"no scheme", Options{Endpoint: "127.0.0.1:80"}, false},
		{"a password", Options{Endpoint: "http://u:p@127.0.0.1"}, false},
		{"a query", Options{Endpoint: "http://127.0.0.1/?a=b"}, false},
		{"certificates", Options{Endpoint: "https://127.0.0.1", CABundle: []byte("junk")}, false},
		{"certificates and a transport", Options{Endpoint: "https://127.0.0.1", CABundle: []byte("junk"), Transport: says(200, "")}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := New(tt.options); (err == nil) != tt.ok {
				t.Errorf("got error %v, want one: %t", err, !tt.ok)
			}
		})
	}
}

func TestAWSItselfIsAskedOnlyWhenItsHostIsAllowed(t *testing.T) {
	aws := func(o *Options) { o.Endpoint, o.AllowHosts = "", []string{"dsql.us-east-1.api.aws"} }
	target := over(t, says(200, fullBody), aws)
	x := do(t, target, get)
	if got, want := x.Attempts[0].URL, "https://dsql.us-east-1.api.aws/cluster/"+id; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	other := get
	other.Region = "us-east-2"
	if x, err := target.Do(context.Background(), other); err == nil {
		t.Errorf("got %+v, want an error for a host that is not allowed", x)
	}
}
