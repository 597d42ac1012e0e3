package generators

import "dsqlconform/model"

func drawList(d *draft) model.Op {
	op := model.ListClusters{Region: oneOf(d, d.profile.Regions)}
	// Mostly a Region where there is something to see.
	if c, ok := d.pick(func(*model.Cluster) int { return 1 }); ok && d.bits(2) != 0 {
		op.Region = c.Region
	}
	op.Max = oneOf(d, d.profile.pageSizes())
	return op
}
