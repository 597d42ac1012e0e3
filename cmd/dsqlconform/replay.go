package main

import (
	"errors"
	"fmt"
	"os"

	"dsqlconform/conformance"
	"dsqlconform/generators"
	"dsqlconform/model"
)

// replayCommand replays one saved sequence.
type replayCommand struct {
	targeting
	judging
	File      string `arg:"" help:"A sequence (.dsqlseq)."`
	ReportDir string `help:"Directory of the reports. Default: none are written." placeholder:"DIR"`
}

// Run runs the command.
func (c *replayCommand) Run() error {
	seq, err := readSequence(c.File)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	c.Revision = firstOf(c.Revision, seq.Revision)
	s, err := c.open(ctx, use{seed: max(seq.Seed, 1), regions: seq.Regions})
	if err != nil {
		return err
	}
	defer s.Close()
	known, err := c.known(s.preset, false)
	if err != nil {
		return err
	}
	x, err := record(s, c.ReportDir, seq.Seed)
	if err != nil {
		return err
	}
	x.settings.Seed, x.settings.Known, x.settings.Strict = seq.Seed, known, c.Strict
	if why := x.silent(ctx); why != "" {
		return x.conclude(unasked(seq.Seed, []generators.Profile{{Name: seq.Profile}}, why), c.Strict)
	}
	res, err := conformance.Verify(ctx, x.target, seq, false, conformance.With(x.settings))
	if err != nil {
		return usage("%w", err)
	}
	return x.conclude(res, c.Strict)
}

// readSequence reads a sequence file. A mistake in it is an error of the form
// file:line:column: what.
func readSequence(name string) (model.Sequence, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return model.Sequence{}, usage("%w", err)
	}
	seq, err := model.ParseSequence(string(text))
	if at := (*model.SyntaxError)(nil); errors.As(err, &at) {
		return seq, usage("%s:%d:%d: %s", name, at.Line, at.Column, at.Msg)
	}
	if err == nil {
		_, err = model.ParseRevision(seq.Revision)
	}
	if err == nil && len(seq.Lines) == 0 {
		err = errors.New("got no operation, want one")
	}
	if err != nil {
		return seq, usage("%w", fmt.Errorf("%s: %w", name, err))
	}
	if seq.Profile == "" {
		seq.Profile = "replay"
	}
	return seq, nil
}
