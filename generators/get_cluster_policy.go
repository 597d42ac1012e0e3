package generators

import "dsqlconform/model"

func drawGetPolicy(d *draft) model.Op { return model.GetClusterPolicy{Ref: d.someone(1)} }
