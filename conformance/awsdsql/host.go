package awsdsql

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Loopback reports whether the host of a URL is this machine: 127.0.0.0/8, ::1
// or localhost. Text that is not an absolute URL is not.
func Loopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	return err == nil && loopbackHost(u.Hostname())
}

func loopbackHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// permit returns an error unless the endpoint is a base URL whose host may be
// asked. It does not quote the URL, which may hold a password.
func (o Options) permit(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil:
		return fmt.Errorf("got an endpoint that is no URL, want http://host:port or https://host")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return fmt.Errorf("got endpoint of scheme %q and host %q, want http://host:port or https://host", u.Scheme, u.Host)
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return fmt.Errorf("got endpoint on host %q with user, query or fragment, want none of them", u.Host)
	case loopbackHost(u.Hostname()):
		return nil
	}
	if !slices.ContainsFunc(o.AllowHosts, func(h string) bool { return strings.EqualFold(h, u.Hostname()) }) {
		return fmt.Errorf("got host %q, want a loopback host or one that is allowed by name", u.Hostname())
	}
	return nil
}
