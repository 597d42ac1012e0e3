package generators

import (
	"math/bits"

	"dsqlconform/model"

	"pgregory.net/rapid"
)

// Every choice is made of fair bits. rapid's integers favour the ends of their
// range, which is right for values and wrong for weights.
var coin = rapid.Bool()

// bits draws a number of n bits.
func (d *draft) bits(n int) int {
	u := 0
	for range n {
		u <<= 1
		if coin.Draw(d.t, "") {
			u |= 1
		}
	}
	return u
}

// below draws a number from 0 to n-1. No number is more than 1/16 likelier than
// another.
func (d *draft) below(n int) int {
	if n <= 1 {
		return 0
	}
	k := bits.Len(uint(n - 1))
	if n&(n-1) != 0 {
		k += 4
	}
	return d.bits(k) * n >> k
}

// chance draws true in that many of a hundred cases, to the nearest 128th.
func (d *draft) chance(percent int) bool {
	const n = 7
	switch {
	case percent <= 0:
		return false
	case percent >= 100:
		return true
	}
	return d.bits(n) >= 1<<n-(percent<<n+50)/100
}

// weighted draws an index with the given weights; -1 when all are zero.
func (d *draft) weighted(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	if total == 0 {
		return -1
	}
	u := d.below(total)
	for i, w := range weights {
		if u < w {
			return i
		}
		u -= w
	}
	return -1 // not reached: u is below the sum
}

// pick draws a cluster of the predicted world, each with the weight that like
// gives it; false when it likes none. Nameless clusters cannot be picked. A
// cluster that has come to rest counts three times one that is still moving.
func (d *draft) pick(like func(c *model.Cluster) int) (*model.Cluster, bool) {
	weights := d.weights[:0]
	for i := range d.world.Clusters {
		c := &d.world.Clusters[i]
		w := 0
		if !c.Nameless {
			w = like(c)
		}
		if !d.moving(c.Handle) {
			w *= 3
		}
		weights = append(weights, w)
	}
	d.weights = weights
	i := d.weighted(weights)
	if i < 0 {
		return nil, false
	}
	return &d.world.Clusters[i], true
}

// oneOf draws an element of a list that is not empty.
func oneOf[T any](d *draft, list []T) T { return list[d.below(len(list))] }
