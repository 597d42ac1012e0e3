package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dsqlconform/conformance"
)

// name is the name of the command.
const name = "dsqlconform"

// The exit statuses.
const (
	conforms     = 0
	diverges     = 1
	unusable     = 2 // usage, or the suite could not start
	inconclusive = 3
)

// exit is an error that says with which status the command ends.
type exit struct {
	status int
	err    error
}

func (e *exit) Error() string { return e.err.Error() }
func (e *exit) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &exit{unusable, fmt.Errorf(format, args...)} }

func unclear(format string, args ...any) error {
	return &exit{inconclusive, fmt.Errorf(format, args...)}
}

// status says on one line why the command does not end well, and returns the
// exit status. An error that names none is one of using the command.
func status(stderr io.Writer, err error) int {
	if err == nil {
		return conforms
	}
	fmt.Fprintf(stderr, "%s: %s\n", name, plain(strings.ReplaceAll(err.Error(), "\n", "; ")))
	var e *exit
	if errors.As(err, &e) {
		return e.status
	}
	return unusable
}

// outcome returns nil for a result that conforms, and else why it does not.
func outcome(res conformance.Result, more string) error {
	switch res.Verdict {
	case conformance.Conforms:
		return nil
	case conformance.Diverges:
		return &exit{diverges, fmt.Errorf("diverges: %s%s", divergence(res), more)}
	}
	return unclear("inconclusive: %s%s", doubt(res), more)
}

// divergence counts what makes a result diverge.
func divergence(res conformance.Result) string {
	violations, suspicions, stale := 0, 0, 0
	for _, f := range res.Findings {
		switch {
		case f.Known:
		case f.Severity == conformance.Violation:
			violations++
		default:
			suspicions++
		}
	}
	for _, k := range res.Known {
		if k.Status == "stale" || k.Status == "expired" {
			stale++
		}
	}
	text := count(violations, "violation") + ", " + count(suspicions, "suspicion")
	if stale > 0 {
		text += fmt.Sprintf(", %d of the known divergences stale or expired", stale)
	}
	return text
}

// doubt says why a result is inconclusive.
func doubt(res conformance.Result) string {
	if res.Interrupted {
		return "interrupted"
	}
	if len(res.Doubts) > 0 {
		d := slices.MaxFunc(res.Doubts, func(a, b conformance.Doubt) int { return cmp.Compare(a.Count, b.Count) })
		return fmt.Sprintf("%s could not be judged: %s", count(d.Count, "operation"), d.Reason)
	}
	var reasons []string
	for _, p := range res.Profiles {
		if p.Verdict == conformance.Inconclusive && !slices.Contains(reasons, p.Reason) {
			reasons = append(reasons, p.Reason)
		}
	}
	if len(reasons) > 0 {
		return strings.Join(reasons, ", ")
	}
	return "the run did not come to its end"
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
