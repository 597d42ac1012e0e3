package model

// ruleTable returns every rule of the model: those of the decision tables, of
// the lifecycle, of the shapes, and the ones that stand alone.
func ruleTable() []Rule {
	list := []Rule{
		ruleSilence, ruleQuota, ruleAtomic, ruleFitting, ruleRaw,
		ruleMutual, ruleOneWitness, ruleOneSet, ruleTwoRegions, ruleSelfListed, ruleMembers, ruleWitnessShown, ruleMultiShown, ruleRounds, ruleSurvivor,
		ruleReplay, ruleOldUse, ruleOtherUse, ruleForeignUse,
		ruleDefaultProtection, ruleIdentity, ruleConstant, ruleFresh, ruleStatus, ruleProtection, ruleInForce, ruleTagsShown,
		ruleListed, ruleUnlisted, ruleListedOnce, rulePageSize, rulePagesEnd,
	}
	for _, d := range decisions() {
		for _, r := range d.rows {
			list = append(list, r.Rule)
		}
	}
	list = append(list, policyRules...)
	list = append(list, encryptionRules...)
	list = append(list, streamRules()...)
	list = append(list, revisionRules...)
	list = append(list, hostileRules...)
	list = append(list, permissionRules...)
	for i := range transitions {
		list = append(list, transitions[i].Rule)
	}
	for i := range Invariants {
		list = append(list, Invariants[i].Rule)
	}
	for i := range StepInvariants {
		list = append(list, StepInvariants[i].Rule)
	}
	return append(list, shapeRules()...)
}

// decisions returns the decision table of every operation of the service.
func decisions() []decision {
	return []decision{
		table(createGuards, createAccepts), table(getGuards, getAccepts), table(listGuards, listAccepts),
		table(updateGuards, updateAccepts), table(deleteGuards, deleteAccepts),
		table(tagGuards, tagAccepts), table(untagGuards, untagAccepts), table(listTagsGuards, listTagsAccepts),
		table(serviceGuards, serviceAccepts),
		table(putPolicyGuards, putPolicyAccepts), table(getPolicyGuards, getPolicyAccepts), table(deletePolicyGuards, deletePolicyAccepts),
		table(createStreamGuards, createStreamAccepts), table(getStreamGuards, getStreamAccepts),
		table(listStreamsGuards, listStreamsAccepts), table(deleteStreamGuards, deleteStreamAccepts),
		table(createLinkedGuards, createLinkedAccepts), table(deleteLinkedGuards, deleteLinkedAccepts),
	}
}

// decision is the decision table of one operation, whatever its type.
type decision struct {
	op   string
	rows []row
}

// row is a row of a decision table. Its when does not hold for operations of
// another type.
type row struct {
	Rule
	when func(w *World, op Op) bool
}

func table[O Op](guards []Guard[O], accepts []Accept[O]) decision {
	var none O
	d := decision{op: none.Name()}
	add := func(r Rule, when func(*World, O) bool) {
		d.rows = append(d.rows, row{r, func(w *World, op Op) bool {
			o, ok := op.(O)
			return ok && when(w, o)
		}})
	}
	for i := range guards {
		add(guards[i].Rule, guards[i].When)
	}
	for i := range accepts {
		add(accepts[i].Rule, accepts[i].When)
	}
	return d
}
