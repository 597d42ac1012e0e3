package generators

import "dsqlconform/model"

func drawConnect(d *draft) model.Op { return model.Connect{Ref: d.someone(0)} }
