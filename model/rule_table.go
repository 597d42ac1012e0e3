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
	list = append(list, rows(createGuards, createAccepts)...)
	list = append(list, rows(getGuards, getAccepts)...)
	list = append(list, rows(listGuards, listAccepts)...)
	list = append(list, rows(updateGuards, updateAccepts)...)
	list = append(list, rows(deleteGuards, deleteAccepts)...)
	list = append(list, rows(tagGuards, tagAccepts)...)
	list = append(list, rows(untagGuards, untagAccepts)...)
	list = append(list, rows(listTagsGuards, listTagsAccepts)...)
	list = append(list, rows(serviceGuards, serviceAccepts)...)
	for i := range transitions {
		list = append(list, transitions[i].Rule)
	}
	for i := range Invariants {
		list = append(list, Invariants[i].Rule)
	}
	return append(list, shapeRules()...)
}

func rows[O Op](guards []Guard[O], accepts []Accept[O]) []Rule {
	var list []Rule
	for i := range guards {
		list = append(list, guards[i].Rule)
	}
	for i := range accepts {
		list = append(list, accepts[i].Rule)
	}
	return list
}
