package generators

import "dsqlconform/model"

// drawDeleteLinked draws the retired deletion of several clusters: mostly one
// and all that it names.
func drawDeleteLinked(d *draft) model.Op {
	c, _ := d.pick(d.deletable)
	op := model.DeleteMultiRegionClusters{Region: c.Region, Refs: []model.Ref{{Handle: c.Handle}}, Token: d.fresh()}
	if d.bits(3) == 0 {
		return op // half of a pair
	}
	for _, h := range c.Peers {
		if h != 0 && h <= model.MaxHandle {
			op.Refs = append(op.Refs, model.Ref{Handle: h})
		}
	}
	if len(op.Refs) > 1 && d.bits(1) == 1 {
		op.Refs[0], op.Refs[1] = op.Refs[1], op.Refs[0]
	}
	return op
}
