package model

// connectEffect: a connection takes an IDLE or INACTIVE cluster to ACTIVE
// (T14); whether the first one already succeeds is open (F166).
func connectEffect(w World, op Connect) []Outcome {
	out := []Outcome{{Rules: []RuleID{ruleRaw.ID}, Want: Want{Any: true}, Next: w}}
	c, ok := w.Live(op.Ref.Handle)
	if !ok || c.Status != Idle && c.Status != Inactive {
		return out
	}
	rule := RuleID("DSQL-LIF-014")
	if c.Status == Inactive {
		rule = "DSQL-LIF-015"
	}
	c.Status, c.Since = Active, Span{w.Now, w.Now}
	return append(out, Outcome{Rules: []RuleID{rule}, Want: Want{Any: true}, Next: w.With(c)})
}
