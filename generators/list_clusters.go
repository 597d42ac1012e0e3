package generators

import "dsqlconform/model"

func drawList(d *draft) model.Op {
	op := model.ListClusters{Region: oneOf(d, d.profile.Regions)}
	// Mostly a Region where there is something to see.
	if c, ok := d.pick(func(*model.Cluster) int { return 1 }); ok && d.bits(2) != 0 {
		op.Region = c.Region
	}
	// Pages of one or two, so that few clusters fill several.
	switch d.bits(3) {
	case 0, 1:
		op.Max = 1
	case 2:
		op.Max = 2
	case 3:
		op.Max = 100
	}
	return op
}
