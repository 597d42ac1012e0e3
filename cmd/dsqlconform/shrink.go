package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"dsqlconform/conformance"
)

// shrinkCommand minimises a saved sequence.
type shrinkCommand struct {
	targeting
	File   string `arg:"" help:"A sequence (.dsqlseq) that diverges."`
	Output string `short:"o" help:"Where the minimal sequence is written. Default: stdout." placeholder:"FILE"`
	Budget *span  `help:"How long to shrink. Default: 20s." placeholder:"D"`
}

// Run runs the command.
func (c *shrinkCommand) Run() error {
	seq, err := readSequence(c.File)
	if err != nil {
		return err
	}
	if c.Output != "" {
		// Now, not when the work is done.
		if dir, err := os.Stat(filepath.Dir(c.Output)); err != nil || !dir.IsDir() {
			return usage("--output: %s is in no directory", c.Output)
		}
	}
	ctx, stop := interruptible()
	defer stop()
	c.Revision = firstOf(c.Revision, seq.Revision)
	s, err := c.open(ctx, use{seed: max(seq.Seed, 1), regions: seq.Regions})
	if err != nil {
		return err
	}
	defer s.Close()
	x, err := record(s, "", seq.Seed)
	if err != nil {
		return err
	}
	x.settings.Seed, x.settings.Shrinking = seq.Seed, c.Budget.duration()
	x.progress.start("shrink", x.about.Endpoint, &x.settings)
	if why := x.silent(ctx); why != "" {
		return unclear("inconclusive: %s", why)
	}
	res, err := conformance.Verify(ctx, x.target, seq, true, conformance.With(x.settings))
	if err != nil {
		return usage("%w", err)
	}
	x.progress.finish(res)
	switch {
	case len(res.Findings) > 0:
	case res.Verdict == conformance.Inconclusive:
		return unclear("inconclusive: %s", doubt(res))
	default:
		return unclear("the sequence does not diverge")
	}
	f := chief(res.Findings)
	if c.Output == "" {
		_, err = os.Stdout.WriteString(f.Minimal.String())
	} else {
		err = os.WriteFile(c.Output, []byte(f.Minimal.String()), 0o644)
	}
	if err != nil {
		return usage("--output: %w", err)
	}
	x.progress.say("shrunk", "signature", f.Signature(), "from", len(seq.Lines), "to", len(f.Minimal.Lines), "reproduced", f.Hits, "of", f.Tries)
	return nil
}

// chief returns the finding to show of several: a violation before a suspicion,
// one that stands alone before one in another's wake, the first before others.
func chief(list []conformance.Finding) conformance.Finding {
	rank := func(f conformance.Finding) int {
		n := 0
		if f.Severity != conformance.Violation {
			n += 2
		}
		if f.After != "" {
			n++
		}
		return n
	}
	return slices.MinFunc(list, func(a, b conformance.Finding) int { return cmp.Compare(rank(a), rank(b)) })
}
