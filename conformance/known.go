package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"

	"dsqlconform/model"
)

// Divergence is a known divergence of a target. Its own sequence is replayed
// first and must still diverge: an entry that does not is stale, and fails the
// run, so that the list cannot rot.
type Divergence struct {
	Name string `json:"name"`
	// Signature is the signature of its findings, in which a "*" stands for
	// any text without a slash.
	Signature string `json:"signature"`
	Because   string `json:"because,omitempty"`
	// Expires is the day, as 2006-01-02, from which the entry no longer counts.
	Expires  string   `json:"expires,omitempty"`
	Sequence []string `json:"sequence"` // the lines of the sequence that shows it
	// Elsewhere says that the sequence shows it only now and then, or only
	// in a longer run: one that does not diverge is then not stale.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// ParseKnown reads a list of known divergences: a JSON array of entries.
func ParseKnown(data []byte) ([]Divergence, error) {
	var list []Divergence
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		return nil, fmt.Errorf("known divergences: %w", err)
	}
	names := map[string]bool{}
	for _, d := range list {
		if d.Name == "" || names[d.Name] {
			return nil, fmt.Errorf("known divergences: got name %q, want one that is given and stands once", d.Name)
		}
		names[d.Name] = true
		if _, err := path.Match(d.Signature, ""); err != nil || strings.Count(d.Signature, "/") < 4 {
			return nil, fmt.Errorf("known divergences: %s: got signature %q, want rule/operation/status/role/shape", d.Name, d.Signature)
		}
		if d.Expires != "" {
			if _, err := time.Parse(time.DateOnly, d.Expires); err != nil {
				return nil, fmt.Errorf("known divergences: %s: got expiry %q, want a day such as 2027-01-31", d.Name, d.Expires)
			}
		}
		if _, err := d.sequence(); err != nil {
			return nil, fmt.Errorf("known divergences: %s: %w", d.Name, err)
		}
	}
	return list, nil
}

// FormatKnown writes a list in the form that ParseKnown reads.
func FormatKnown(list []Divergence) ([]byte, error) {
	if list == nil {
		list = []Divergence{}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(list)
	return b.Bytes(), err
}

// KnownFrom makes a list of the findings of a run that are violations or
// suspicions not listed yet, behind those that are.
func KnownFrom(listed []Divergence, r Result) []Divergence {
	list := append([]Divergence(nil), listed...)
	for _, f := range r.Findings {
		if f.Known {
			continue
		}
		d := Divergence{Name: fmt.Sprintf("%s in %s %s", f.Rule, f.Operation, f.Shape), Signature: escape(string(f.Rule)) + "/" + escape(f.Operation) + "/*/*/" + escape(f.Shape), Elsewhere: f.Hits == 0}
		for _, l := range f.Minimal.Lines {
			d.Sequence = append(d.Sequence, l.String())
		}
		for i := 2; contains(list, d.Name); i++ {
			d.Name = fmt.Sprintf("%s in %s %s (%d)", f.Rule, f.Operation, f.Shape, i)
		}
		list = append(list, d)
	}
	return list
}

func contains(list []Divergence, name string) bool {
	for _, d := range list {
		if d.Name == name {
			return true
		}
	}
	return false
}

// escape quotes what path.Match would read as a pattern.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(s)
}

func (d *Divergence) sequence() (model.Sequence, error) {
	return model.ParseSequence("# dsqlseq 1\n" + strings.Join(d.Sequence, "\n") + "\n")
}

func (d *Divergence) matches(signature string) bool {
	ok, err := path.Match(d.Signature, signature)
	return ok && err == nil
}

func (d *Divergence) expired(now time.Time) bool {
	day, err := time.Parse(time.DateOnly, d.Expires)
	return d.Expires != "" && err == nil && !now.Before(day)
}

// isKnown reports whether a finding is listed and the entry has not expired.
func (r *run) isKnown(f *Finding) bool {
	for i := range r.set.Known {
		if d := &r.set.Known[i]; !d.expired(r.started) && d.matches(f.Signature()) {
			return true
		}
	}
	return false
}

// known replays the sequence of each known divergence.
func (r *run) known(ctx context.Context) {
	for i := range r.set.Known {
		d := &r.set.Known[i]
		res := KnownResult{Entry: d.Name, Status: "not-attempted"}
		seq, err := d.sequence()
		switch {
		case d.expired(r.started):
			res.Status, r.stale = "expired", true
		case err == nil && ctx.Err() == nil && r.fatal == nil:
			seen := false
			for range r.set.Repeats {
				x := r.execute(ctx, seq, "known", 0, "known", nil)
				r.fatal = x.fatal
				for j := range x.findings {
					seen = seen || d.matches(x.findings[j].Signature())
				}
				if seen || x.fatal != nil || ctx.Err() != nil {
					break
				}
			}
			switch {
			case seen:
				res.Status = "seen"
			case r.fatal == nil && ctx.Err() == nil && !d.Elsewhere:
				res.Status, r.stale = "stale", true
			}
		}
		r.knowns = append(r.knowns, res)
	}
}
