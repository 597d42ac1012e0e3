package generators

import "dsqlconform/model"

// urgeCreate asks for a first cluster before anything else, and for no more
// than the profile wants alive at once.
func urgeCreate(d *draft) int {
	switch n := d.live(); {
	case n >= d.profile.Clusters:
		return 0
	case n == 0:
		return 6
	case n == 1:
		return 2
	}
	return 1
}

func drawCreate(d *draft) model.Op {
	op := model.CreateCluster{As: d.next(), Region: oneOf(d, d.profile.Regions)}
	if d.chance(d.profile.Home) {
		op.Region = d.profile.Regions[0]
	}
	if d.has(multiFeature, d.profile.MultiRegion) {
		op.Region, op.Multi = d.founding(op.Region)
	}
	// Protection is on by default, and nobody deletes what is protected.
	switch {
	case d.with&protectionFeature == 0 || !d.chance(d.profile.Protected):
		op.Protection = model.Off
	case d.bits(1) == 0:
		op.Protection = model.On
	}
	if d.has(tagFeature, d.profile.Tagged) {
		op.Tags, op.GivenTags = d.tags(), true
	}
	if d.chance(d.profile.Encrypted) {
		op.Key = model.Some(oneOf(d, kmsKeys))
	}
	if d.chance(d.profile.Policies) {
		op.Policy = model.Some(oneOf(d, policies))
		if d.has(hostileFeature, d.profile.Hostile) {
			op.Policy = model.Some(oneOf(d, strangePolicies))
		}
		if d.bits(2) == 0 {
			op.Bypass = model.SwitchOf(d.bits(1) == 1)
		}
	}
	op.Token = d.fresh()
	return op
}
