package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/reports"
)

// judging are the flags that say how findings count.
type judging struct {
	Strict bool   `help:"Suspicions fail the run."`
	Known  string `help:"Known divergences: each entry's own sequence must still diverge. Default: the preset's." placeholder:"FILE|none"`
}

// noKnown is the value of --known for an empty list.
const noKnown = "none"

// known returns the list of known divergences. A file that is about to be
// written may be missing.
func (j judging) known(preset conformance.Preset, mayLack bool) ([]conformance.Divergence, error) {
	switch j.Known {
	case "":
		return preset.Known, nil
	case noKnown:
		return nil, nil
	}
	data, err := os.ReadFile(j.Known)
	if mayLack && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, usage("--known: %w", err)
	}
	list, err := conformance.ParseKnown(data)
	if err != nil {
		return nil, usage("--known: %s: %w", j.Known, err)
	}
	return list, nil
}

// interruptible returns a context that ends with the first interrupt. The
// second one kills.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// session is a target being asked, and where what happens is told.
type session struct {
	*site
	dir      string // of the reports, or ""
	trace    *reports.TraceWriter
	file     *os.File // of the trace
	traceErr error
	progress *progress
}

// record begins the trace in a report directory, and the telling of progress.
// The directory "" means that there is none.
func record(s *site, dir string, seed uint64) (*session, error) {
	x := &session{site: s, dir: dir, progress: newProgress(os.Stderr)}
	x.settings.Observe = x.observe
	x.settings.Log = slog.New(slog.DiscardHandler)
	if dir == "" {
		return x, nil
	}
	if err := reports.CheckDir(dir); err != nil {
		return nil, usage("%w", err)
	}
	var err error
	if x.file, err = os.Create(filepath.Join(dir, reports.TraceFile)); err != nil {
		return nil, usage("%w", err)
	}
	x.trace, err = reports.NewTraceWriter(x.file, reports.TraceHeader{Target: s.about, Seed: seed, Started: time.Now()})
	if err != nil {
		return nil, usage("%w", err)
	}
	return x, nil
}

// observe writes the trace and tells the progress.
func (x *session) observe(e conformance.Event) {
	if x.trace != nil && x.traceErr == nil {
		switch {
		case e.Begin != nil:
			x.traceErr = x.trace.Sequence(e.Profile, e.Seed, e.Execution, *e.Begin)
		case e.Record != nil:
			x.traceErr = x.trace.Record(e.Profile, e.Seed, e.Execution, *e.Record)
		}
	}
	x.progress.observe(e)
}

// conclude writes the reports and the summary, and returns why the command does
// not end well.
func (x *session) conclude(res conformance.Result, strict bool) error {
	x.progress.finish(res)
	if err := x.died(); err != nil && res.Verdict == conformance.Inconclusive {
		return errors.Join(x.report(res, strict), unclear("inconclusive: %w", err))
	}
	return errors.Join(x.report(res, strict), outcome(res, x.where()))
}

func (x *session) report(res conformance.Result, strict bool) error {
	r := reports.New(res, x.about)
	r.Strict = strict
	var failed error
	if x.file != nil {
		err := errors.Join(x.traceErr, x.file.Close(), reports.WriteDir(x.dir, r, res.Findings))
		if err != nil {
			failed = usage("%w", err)
		}
	} else {
		r.Trace = ""
	}
	summarise(os.Stdout, r, x.dir, x.unlisted(r))
	return failed
}

// unlisted returns the operations that the target does not serve although its
// preset does not say so.
func (x *session) unlisted(r reports.Report) []string {
	return slices.DeleteFunc(slices.Clone(r.NotServed), func(name string) bool { return slices.Contains(x.preset.NotImplemented, name) })
}

// where points to the reports.
func (x *session) where() string {
	if x.dir == "" {
		return ""
	}
	return "; see " + filepath.Join(x.dir, "report.md")
}

// plain returns text that a terminal shows as it is: no control characters.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\uFFFD'
		}
		return r
	}, text)
}
