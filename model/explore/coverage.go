package explore

import (
	"slices"
	"strings"

	"dsqlconform/model"
)

// excuse says why rules are not met by any search.
type excuse struct {
	rules []model.RuleID // identifiers, or families such as "DSQL-STR"
	why   string
}

// excuses lists every rule that no search within the presets meets, with the
// reason. A test holds that nothing is missing here and that nothing in it is met.
var excuses = []excuse{
	{[]model.RuleID{"DSQL-SCR", "DSQL-SDL", "DSQL-SGT", "DSQL-SLS", "DSQL-STR"}, "no bounds hold streams"},
	{[]model.RuleID{"DSQL-DPO", "DSQL-GPO", "DSQL-POL", "DSQL-PPO"}, "no bounds hold policies"},
	{[]model.RuleID{"DSQL-LTG", "DSQL-TAG", "DSQL-UTG"}, "no bounds hold tags"},
	{[]model.RuleID{"DSQL-VPC"}, "it changes nothing, and depends on nothing but the status"},
	{[]model.RuleID{"DSQL-ENC"}, "no bounds hold keys"},
	{[]model.RuleID{"DSQL-CML", "DSQL-DML", "DSQL-REV"}, "no bounds hold another revision"},
	{[]model.RuleID{"DSQL-PRM"}, "every caller may do everything"},
	{[]model.RuleID{"DSQL-WIR"}, "it speaks of bytes, and a world has none"},
	{[]model.RuleID{"DSQL-VAL", "DSQL-CRE-003", "DSQL-CRE-004", "DSQL-CRE-005", "DSQL-DEL-005", "DSQL-DEL-006", "DSQL-GET-005", "DSQL-GET-006",
		"DSQL-LST-006", "DSQL-LST-007", "DSQL-UPD-003", "DSQL-UPD-005", "DSQL-UPD-006", "DSQL-UPD-016"}, "every request is well formed"},
	{[]model.RuleID{"DSQL-CRE-006", "DSQL-CRE-007", "DSQL-UPD-007", "DSQL-UPD-009", "DSQL-UPD-022"}, "no request gives a key"},
	{[]model.RuleID{"DSQL-CRE-011", "DSQL-CRE-012"}, "no request gives a policy"},
	{[]model.RuleID{"DSQL-CRE-010", "DSQL-UPD-014"}, "everybody sees everything at once"},
	{[]model.RuleID{"DSQL-CRE-013"}, "no quota is known"},
	{[]model.RuleID{"DSQL-DEL-013"}, "no cluster has streams"},
	{[]model.RuleID{"DSQL-ERR-003"}, "no update combines changes"},
	{[]model.RuleID{"DSQL-LIF-115"}, "it needs an update while CREATING to be accepted, which breaks DSQL-UPD-008"},
	{[]model.RuleID{"DSQL-CRE-001", "DSQL-CRE-030", "DSQL-GET-001", "DSQL-GET-002", "DSQL-LST-001", "DSQL-LST-002", "DSQL-LST-003", "DSQL-LST-004", "DSQL-LST-005",
		"DSQL-MRG-005", "DSQL-MRG-006", "DSQL-MRG-007", "DSQL-MRG-008", "DSQL-MRG-009", "DSQL-MRG-010", "DSQL-PRO-001", "DSQL-UPD-030", "DSQL-ERR-005"},
		"it speaks of what an answer shows, and is named by an answer that breaks it"},
	{[]model.RuleID{"DSQL-LIF-000", "DSQL-MRG-002", "DSQL-MRG-003", "DSQL-MRG-004"}, "it says why a transition is not taken, and is named by a service that takes it"},
	{[]model.RuleID{"DSQL-INV"}, "it holds everywhere"},
}

// Idle returns the rules that none of the searches met and for which there is no
// excuse, and the excused ones that were met all the same.
func Idle(reports ...Report) (idle, met []model.RuleID) {
	seen := map[model.RuleID]bool{}
	for _, r := range reports {
		for _, id := range r.Rules {
			seen[id] = true
		}
	}
	for _, r := range model.Rules() {
		switch excused := Excuse(r.ID) != ""; {
		case excused && seen[r.ID]:
			met = append(met, r.ID)
		case !excused && !seen[r.ID]:
			idle = append(idle, r.ID)
		}
	}
	return idle, met
}

// Excuse says why no search meets the rule, or "".
func Excuse(id model.RuleID) string {
	for _, e := range excuses {
		if slices.ContainsFunc(e.rules, func(of model.RuleID) bool { return id == of || strings.HasPrefix(string(id), string(of)+"-") }) {
			return e.why
		}
	}
	return ""
}
