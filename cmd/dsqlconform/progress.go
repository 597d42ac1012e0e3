package main

import (
	"log"
	"log/slog"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"dsqlconform/conformance"
)

// progress tells how far a run is: by a bar on a terminal, by lines elsewhere.
type progress struct {
	log  *slog.Logger
	bar  *progressbar.ProgressBar // nil where there is no terminal
	seen map[string]bool          // signatures told
}

// steps is how many steps the bar has.
const steps = 1000

func newProgress(f *os.File) *progress {
	p := &progress{
		log: slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
				return slog.Attr{}
			}
			return a
		}})),
		seen: map[string]bool{},
	}
	if term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions(steps, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription("testing"),
			progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(true), progressbar.OptionSetPredictTime(false))
	}
	return p
}

// quiet returns a logger for what nobody needs to know.
func quiet() *log.Logger { return slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug) }

// start tells what begins, on a terminal too: whatever happens, the seed has
// been printed.
func (p *progress) start(what, endpoint string, s *conformance.Settings) {
	p.log.Info(what, "endpoint", endpoint, "seed", s.Seed, "profiles", len(s.Profiles), "tour", len(s.Tour), "workers", s.Workers, "settle", s.Settle, "read_lag", s.ReadLag)
}

// observe tells an event.
func (p *progress) observe(e conformance.Event) {
	switch {
	case e.Finding != nil && e.Purpose != "known" && e.Purpose != "shrink":
		sig := e.Finding.Signature()
		if p.seen[sig] {
			return
		}
		p.seen[sig] = true
		if p.bar != nil {
			p.bar.Describe("testing, " + count(len(p.seen), "finding"))
			return
		}
		p.say(string(e.Finding.Severity), "signature", sig, "profile", e.Profile, "seed", e.Seed)
	case e.Shrunk != nil:
		if p.bar != nil {
			p.bar.Describe("shrinking")
			return
		}
		p.say("shrunk", "signature", e.Shrunk.Signature(), "from", len(e.Shrunk.Sequence.Lines), "to", len(e.Shrunk.Minimal.Lines))
	case e.Share > 0 && p.bar != nil:
		// One short of full: what is full is finished, and shrinking is to come.
		p.bar.Set(min(int(e.Share*steps), steps-1)) //nolint:errcheck // a bar that cannot be drawn
	}
}

// finish tells the end.
func (p *progress) finish(res conformance.Result) {
	if p.bar != nil {
		p.bar.Finish() //nolint:errcheck // a bar that cannot be drawn
		return
	}
	for _, r := range res.Profiles {
		args := []any{"name", r.Name, "verdict", r.Verdict, "sequences", r.Sequences, "operations", r.Operations, "inconclusive", r.Doubtful}
		if r.Reason != "" {
			args = append(args, "reason", plain(r.Reason))
		}
		p.say("profile", args...)
	}
}

// say writes a line, where there is no bar.
func (p *progress) say(what string, args ...any) {
	if p.bar != nil {
		return
	}
	p.log.Info(what, args...)
}
