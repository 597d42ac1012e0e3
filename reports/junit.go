package reports

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"dsqlconform/conformance"
)

// WriteJUnit writes the report as JUnit XML, for CI. A profile is a test suite
// and a finding a test case of it: a violation fails, a suspicion fails in a
// strict run and is told in system-out otherwise, a known divergence is
// skipped. A profile without findings has one test case "conforms", skipped
// where the profile is inconclusive or not served. The list of known
// divergences is a suite of its own, in which a stale or expired entry fails.
func WriteJUnit(w io.Writer, r Report) error {
	all := junitSuites{
		Name: "dsqlconform",
		Time: seconds(time.Duration(r.DurationMS) * time.Millisecond),
	}
	for _, p := range r.junitProfiles() {
		all.Suites = append(all.Suites, r.junitSuite(p))
	}
	if len(r.Known) > 0 {
		all.Suites = append(all.Suites, r.junitKnown())
	}
	for i := range all.Suites {
		s := &all.Suites[i]
		s.count()
		s.Timestamp = r.Started.UTC().Format("2006-01-02T15:04:05")
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Skipped += s.Skipped
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding JUnit: %w", err)
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
	Skipped *junitSkipped `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

func (s *junitSuite) count() {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		if c.Failure != nil {
			s.Failures++
		}
		if c.Skipped != nil {
			s.Skipped++
		}
	}
}

// junitProfiles returns the profiles of the run, and those that only a finding
// names.
func (r Report) junitProfiles() []Profile {
	all := slices.Clone(r.Profiles)
	for _, f := range r.Findings {
		if !slices.ContainsFunc(all, func(p Profile) bool { return p.Name == f.Profile }) {
			all = append(all, Profile{Name: f.Profile, Verdict: conformance.Diverges})
		}
	}
	return all
}

// junitProperties are those of every suite.
func (r Report) junitProperties() []junitProperty {
	return []junitProperty{
		{"target", r.Target.label()},
		{"endpoint", r.Target.Endpoint},
		{"revision", r.Target.Revision},
		{"seed", strconv.FormatUint(r.Seed, 10)},
	}
}

func (r Report) junitSuite(p Profile) junitSuite {
	class := "dsqlconform." + p.Name
	suite := junitSuite{
		Name: class,
		Properties: append(r.junitProperties(),
			junitProperty{"verdict", string(p.Verdict)},
			junitProperty{"sequences", strconv.Itoa(p.Sequences)},
			junitProperty{"operations", strconv.Itoa(p.Operations)}),
	}
	for _, f := range r.Findings {
		if f.Profile == p.Name {
			suite.Cases = append(suite.Cases, r.junitFinding(class, f))
		}
	}
	whole := junitCase{Class: class, Name: "conforms"}
	switch p.Verdict {
	case conformance.Inconclusive, conformance.Unserved:
		whole.Skipped = &junitSkipped{strings.Trim(string(p.Verdict)+": "+p.Reason, ": ")}
	case conformance.Diverges:
		if len(suite.Cases) == 0 {
			whole.Failure = &junitFailure{Message: cmp.Or(p.Reason, "the profile diverges"), Type: string(p.Verdict)}
		}
	}
	if len(suite.Cases) == 0 || whole.Skipped != nil {
		suite.Cases = append(suite.Cases, whole)
	}
	return suite
}

func (r Report) junitFinding(class string, f Finding) junitCase {
	c := junitCase{Class: class, Name: f.Signature}
	switch text := f.plain(); {
	case f.Known:
		c.Skipped = &junitSkipped{"known divergence"}
		c.Out = text
	case f.Severity == conformance.Suspicion && !r.Strict:
		c.Out = "suspicion: " + text
	default:
		c.Failure = &junitFailure{
			Message: string(f.Rule) + ": " + f.Says,
			Type:    string(f.Severity),
			Text:    text,
		}
	}
	return c
}

// plain returns a finding as plain text.
func (f Finding) plain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", f.Rule, f.Says)
	for _, line := range f.Minimal {
		b.WriteString("    " + line + "\n")
	}
	fmt.Fprintf(&b, "\ngot:  %s\n", f.Got)
	for _, want := range f.Expected {
		fmt.Fprintf(&b, "want: %s\n", want)
	}
	if f.Diff != "" {
		b.WriteString("\n" + f.Diff + "\n")
	}
	fmt.Fprintf(&b, "\nreproduced %d of %d times, seed %d, %s\n", f.Reproduced.Hits, f.Reproduced.Tries, f.Seed, f.File)
	return b.String()
}

func (r Report) junitKnown() junitSuite {
	const class = "dsqlconform.known"
	suite := junitSuite{Name: "known divergences", Properties: r.junitProperties()}
	for _, k := range r.Known {
		c := junitCase{Class: class, Name: k.Entry}
		switch k.Status {
		case "seen":
		case "not-attempted":
			c.Skipped = &junitSkipped{"not attempted"}
		default:
			c.Failure = &junitFailure{Message: "the entry is " + k.Status, Type: k.Status}
		}
		suite.Cases = append(suite.Cases, c)
	}
	return suite
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
