package generators

import "dsqlconform/model"

func drawListTags(d *draft) model.Op { return model.ListTagsForResource{Ref: d.someone(0)} }
