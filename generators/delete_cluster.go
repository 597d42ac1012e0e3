package generators

import "dsqlconform/model"

// urgeDelete grows while a deleted member waits for the other.
func urgeDelete(d *draft) int {
	if d.live() == 0 {
		return 0
	}
	for i := range d.world.Clusters {
		if c := &d.world.Clusters[i]; !c.Nameless && d.deletable(c) >= 8 {
			return 2
		}
	}
	return 1
}

// deletable weighs c as one to delete.
func (d *draft) deletable(c *model.Cluster) int {
	switch {
	case c.Status == model.Gone:
		return 0
	case c.Deleted:
		return 1 // again
	case c.Protected:
		return 2
	case d.halfDeleted(c):
		return 8
	case unpaired(c):
		return 1 // it has hardly begun
	case c.Joined:
		return 6
	}
	return 4
}

func drawDelete(d *draft) model.Op {
	c, _ := d.pick(d.deletable)
	return model.DeleteCluster{Ref: model.Ref{Handle: c.Handle}, Token: d.fresh()}
}

// halfDeleted reports whether a peer of c is deleted and waits for c.
func (d *draft) halfDeleted(c *model.Cluster) bool {
	for i := range d.world.Clusters {
		if p := &d.world.Clusters[i]; p.Status == model.PendingDelete && p.Names(c.Handle) {
			return true
		}
	}
	return false
}
