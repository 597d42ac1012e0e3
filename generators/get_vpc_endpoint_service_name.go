package generators

import "dsqlconform/model"

func drawService(d *draft) model.Op { return model.GetVpcEndpointServiceName{Ref: d.someone(0)} }
