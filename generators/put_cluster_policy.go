package generators

import "dsqlconform/model"

func drawPutPolicy(d *draft) model.Op {
	op := model.PutClusterPolicy{Ref: d.someone(1), Policy: oneOf(d, policies), Token: d.fresh()}
	switch d.bits(3) {
	case 0:
		op.Bypass = model.On
	case 1:
		op.Bypass = model.Off
	}
	op.Expect = d.expectation(op.Ref.Handle)
	return op
}

// expectation draws an expectedPolicyVersion: mostly none or the version that is
// in force, else one that is not any more, or not yet.
func (d *draft) expectation(h model.Handle) model.Expect {
	now := d.versions[h]
	switch u := d.bits(3); {
	case u < 4 || now == 0 && u < 7:
		return model.Expect{}
	case u < 6:
		return model.Expect{Version: now}
	case u < 7:
		return model.Expect{Version: max(now-1, 1)}
	}
	return model.Expect{Version: now + 1}
}
