package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dsqlconform/model"
)

// seedLimit is above every seed: JSON readers keep integers below it exact.
const seedLimit = 1 << 53

// seed is the value of --seed.
type seed uint64

// UnmarshalText reads a seed.
func (s *seed) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil || n >= seedLimit {
		return fmt.Errorf("got %q, want a number from 0 to %d", text, uint64(seedLimit-1))
	}
	*s = seed(max(n, 1)) // a run without a seed is that of seed 1
	return nil
}

func randomSeed() seed { return seed(1 + rand.Uint64N(seedLimit-1)) }

// shard is the value of --shard: the I-th of N parts.
type shard struct{ part, parts int }

// UnmarshalText reads I/N.
func (s *shard) UnmarshalText(text []byte) error {
	i, n, _ := strings.Cut(string(text), "/")
	part, err := strconv.Atoi(i)
	parts, err2 := strconv.Atoi(n)
	if err != nil || err2 != nil || part < 1 || part > parts {
		return fmt.Errorf("got %q, want I/N with I from 1 to N, such as 1/4", text)
	}
	*s = shard{part, parts}
	return nil
}

// length is a duration that is not negative.
type length time.Duration

// UnmarshalText reads a duration.
func (l *length) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || d < 0 {
		return fmt.Errorf("got %q, want a duration such as 10s or 500ms", text)
	}
	*l = length(d)
	return nil
}

// span is a duration that is more than nothing.
type span time.Duration

// UnmarshalText reads a duration.
func (s *span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || d <= 0 {
		return fmt.Errorf("got %q, want a duration above zero such as 10s or 500ms", text)
	}
	*s = span(d)
	return nil
}

// amount is a number of things, at least one.
type amount int

// UnmarshalText reads an amount.
func (a *amount) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 1 {
		return fmt.Errorf("got %q, want a number from 1", text)
	}
	*a = amount(n)
	return nil
}

// regionForm is the form of a Region's name.
var regionForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)

func parseRegion(text string) (model.Region, error) {
	if !regionForm.MatchString(text) {
		return "", fmt.Errorf("got region %q, want a name such as us-east-1", text)
	}
	return model.Region(text), nil
}

// parseRegions reads the Regions that may hold clusters.
func parseRegions(names []string) ([]model.Region, error) {
	var list []model.Region
	seen := map[model.Region]bool{}
	for _, name := range names {
		region, err := parseRegion(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		if seen[region] {
			return nil, fmt.Errorf("got region %q twice", region)
		}
		seen[region] = true
		list = append(list, region)
	}
	return list, nil
}

// endpoints says where the Regions are asked.
type endpoints struct {
	all    string // the base URL of every Region that each lacks, or ""
	region map[model.Region]string
}

func (e endpoints) none() bool { return e.all == "" && len(e.region) == 0 }

// list returns the base URLs.
func (e endpoints) list() []string {
	var urls []string
	if e.all != "" {
		urls = append(urls, e.all)
	}
	for _, u := range e.region {
		urls = append(urls, u)
	}
	return urls
}

// parseEndpoints reads URLs and REGION=URLs.
func parseEndpoints(texts []string) (endpoints, error) {
	e := endpoints{region: map[model.Region]string{}}
	for _, text := range texts {
		name, address, named := strings.Cut(text, "=")
		if !named || strings.Contains(name, ":") {
			if e.all != "" {
				return e, fmt.Errorf("got two endpoints for every region, want one, or REGION=URL")
			}
			if err := checkURL(text); err != nil {
				return e, err
			}
			e.all = text
			continue
		}
		region, err := parseRegion(name)
		if err != nil {
			return e, err
		}
		if e.region[region] != "" {
			return e, fmt.Errorf("got two endpoints for region %q, want one", region)
		}
		if err := checkURL(address); err != nil {
			return e, fmt.Errorf("region %q: %w", region, err)
		}
		e.region[region] = address
	}
	return e, nil
}

// checkURL returns an error unless the text is a base URL. The error does not
// quote it, for it may hold a password.
func checkURL(text string) error {
	const want = "want http://HOST:PORT or https://HOST"
	u, err := url.Parse(text)
	if err != nil {
		return fmt.Errorf("got an endpoint that is no URL, %s", want)
	}
	port := 0
	if u.Port() != "" {
		port, err = strconv.Atoi(u.Port())
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return fmt.Errorf("got an endpoint of scheme %q on host %q, %s", u.Scheme, u.Hostname(), want)
	case err != nil || strings.HasSuffix(u.Host, ":") || u.Port() != "" && (port < 1 || port > 65535):
		return fmt.Errorf("got an endpoint on port %q, want 1 to 65535", u.Port())
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return fmt.Errorf("got an endpoint on host %q with user, query or fragment, %s", u.Hostname(), want)
	}
	return nil
}
