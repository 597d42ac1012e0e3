package generators

import "dsqlconform/model"

// urgeCreateLinked is [urgeCreate] for two clusters at once.
func urgeCreateLinked(d *draft) int {
	if d.with&multiFeature == 0 || d.live()+1 >= d.profile.Clusters {
		return 0
	}
	return urgeCreate(d)
}

// drawCreateLinked draws the retired creation of a cluster in each of two
// Regions, asked in one of them.
func drawCreateLinked(d *draft) model.Op {
	first := oneOf(d, d.profile.Regions)
	second, _ := d.elsewhere(first)
	op := model.CreateMultiRegionClusters{
		As:      []model.Handle{d.last + 1, d.last + 2},
		Region:  first,
		Linked:  []model.Region{first, second},
		Witness: d.profile.Witness,
	}
	if d.bits(1) == 1 {
		op.Linked = []model.Region{second, first}
	}
	switch {
	case !d.chance(d.profile.Protected):
		op.Protection = model.Off
	case d.bits(1) == 0:
		op.Protection = model.On
	}
	op.Token = d.fresh()
	return op
}
