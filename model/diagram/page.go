package diagram

import "dsqlconform/model"

// page is where the statuses of a graph stand.
type page struct {
	size point
	at   map[string]point // middles
}

// pages are the hand-placed coordinates, by [Graph.Name].
var pages = map[string]page{
	"cluster": {point{1240, 900}, map[string]point{
		Start:            {620, 40},
		"PENDING_SETUP":  {330, 130},
		"CREATING":       {850, 130},
		"UPDATING":       {230, 400},
		"ACTIVE":         {980, 400},
		"IDLE":           {600, 370},
		"INACTIVE":       {600, 530},
		"FAILED":         {1140, 560},
		"PENDING_DELETE": {300, 700},
		"DELETING":       {850, 720},
		"DELETED":        {1060, 820},
		"gone":           {850, 850},
	}},
	"stream": {point{760, 520}, map[string]point{
		Start:      {70, 60},
		"CREATING": {240, 60},
		"ACTIVE":   {620, 60},
		"IMPAIRED": {620, 220},
		"FAILED":   {240, 220},
		"DELETING": {480, 370},
		"DELETED":  {640, 470},
		"gone":     {480, 470},
	}},
}

// bends are how edges are curved; an edge that is not in the table is curved by
// its place among those of the same two statuses. See path.
var bends = map[model.RuleID][2]float64{
	"DSQL-LIF-001": {-20, 0},
	"DSQL-LIF-002": {60, 0},
	"DSQL-LIF-003": {-80, 30},
	"DSQL-LIF-004": {100, 20},
	"DSQL-LIF-005": {-130, -130},
	"DSQL-LIF-006": {-20, 0},
	"DSQL-LIF-007": {-260, -260},
	"DSQL-LIF-008": {-50, -50},
	"DSQL-LIF-009": {-10, -70},
	"DSQL-LIF-010": {160, 90},
	"DSQL-LIF-011": {-80, -100},
	"DSQL-LIF-012": {-10, 70},
	"DSQL-LIF-013": {0, 0},
	"DSQL-LIF-014": {60, 60},
	"DSQL-LIF-015": {80, 80},
	"DSQL-LIF-016": {-70, 0},
	"DSQL-LIF-017": {-150, -220},
	"DSQL-LIF-019": {70, 70},
	"DSQL-LIF-020": {0, 0},
	"DSQL-LIF-021": {0, 0},
	"DSQL-LIF-022": {0, 0},
	"DSQL-LIF-023": {60, 120},
	"DSQL-LIF-024": {-320, -10},
	"DSQL-LIF-026": {-80, -60},
	"DSQL-LIF-027": {-20, -20},
	"DSQL-LIF-030": {-50, -20},
	"DSQL-LIF-108": {150, 150},
	"DSQL-LIF-111": {10, -20},
	"DSQL-LIF-112": {10, 10},
	"DSQL-LIF-113": {160, 100},
	"DSQL-LIF-114": {10, -50},
	"DSQL-LIF-115": {0, 30},
	"DSQL-LIF-118": {-60, -60},
	"DSQL-LIF-122": {130, 50},
	"DSQL-LIF-123": {-300, -300},
	"DSQL-LIF-124": {350, 360},
	"DSQL-LIF-126": {-20, -10},
	"DSQL-LIF-130": {30, 10},
	"DSQL-LIF-131": {-30, 80},
	"DSQL-LIF-132": {40, 40},
	"DSQL-LIF-133": {-10, 30},
	"DSQL-LIF-134": {10, 30},
	"DSQL-LIF-135": {20, -20},
	"DSQL-LIF-136": {-110, -110},
	"DSQL-STR-001": {0, 0},
	"DSQL-STR-002": {0, 0},
	"DSQL-STR-003": {-30, -30},
	"DSQL-STR-004": {20, 20},
	"DSQL-STR-005": {-80, -80},
	"DSQL-STR-006": {0, 0},
	"DSQL-STR-007": {0, 0},
	"DSQL-STR-008": {-190, -190},
	"DSQL-STR-009": {0, 0},
	"DSQL-STR-010": {0, 0},
	"DSQL-STR-011": {270, 250},
	"DSQL-STR-012": {0, 0},
	"DSQL-STR-013": {0, 0},
	"DSQL-STR-014": {0, 0},
}
