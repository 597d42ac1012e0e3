package model

import "strconv"

// String returns the text form: "c1 = create us-east-1 protection=on token=t1".
func (o CreateCluster) String() string {
	return words(o.As.String()+" = create", regionText(o.Region), switchText("protection", o.Protection),
		maybe("key", o.Key), givenTags(o.Tags, o.GivenTags), o.Multi.text(), maybe("policy", o.Policy),
		switchText("bypass", o.Bypass), tokenMember(o.Token))
}

// String returns the text form: "get c1 @us-east-2".
func (o GetCluster) String() string { return words("get", o.Ref.String(), askedText(o.At)) }

// String returns the text form: `list us-east-1 max=2 next="x y"`.
func (o ListClusters) String() string {
	return words("list", regionText(o.Region), maxText(o.Max), maybe("next", o.Next))
}

// String returns the text form: "update c1 protection=off token=t1".
func (o UpdateCluster) String() string {
	return words("update", o.Ref.String(), askedText(o.At), switchText("protection", o.Protection),
		maybe("key", o.Key), o.Multi.text(), tokenMember(o.Token))
}

// String returns the text form: "delete c1 @us-east-2 token=t1".
func (o DeleteCluster) String() string {
	return words("delete", o.Ref.String(), askedText(o.At), tokenMember(o.Token))
}

// String returns the text form: `tag c1 k=v,"x y"=z`, "tag c1/s1 k=v".
func (o TagResource) String() string {
	return words("tag", resourceText(o.Ref, o.Stream), askedText(o.At), tagsText(o.Tags))
}

// String returns the text form: `untag c1 k,"x y"`, "untag c1/s1 k".
func (o UntagResource) String() string {
	keys := "[]"
	if len(o.Keys) > 0 {
		keys = join(o.Keys, ",", quote)
	}
	return words("untag", resourceText(o.Ref, o.Stream), askedText(o.At), keys)
}

// String returns the text form: "tags c1", "tags c1/s1".
func (o ListTagsForResource) String() string {
	return words("tags", resourceText(o.Ref, o.Stream), askedText(o.At))
}

// String returns the text form: "vpc c1".
func (o GetVpcEndpointServiceName) String() string {
	return words("vpc", o.Ref.String(), askedText(o.At))
}

// String returns the text form: `put-policy c1 "{}" bypass=on expect=v1 token=t1`.
func (o PutClusterPolicy) String() string {
	return words("put-policy", o.Ref.String(), askedText(o.At), strconv.QuoteToASCII(o.Policy),
		switchText("bypass", o.Bypass), expectText(o.Expect), tokenMember(o.Token))
}

// String returns the text form: "get-policy c1".
func (o GetClusterPolicy) String() string {
	return words("get-policy", o.Ref.String(), askedText(o.At))
}

// String returns the text form: "delete-policy c1 expect=v1 token=t1".
func (o DeleteClusterPolicy) String() string {
	return words("delete-policy", o.Ref.String(), askedText(o.At), expectText(o.Expect), tokenMember(o.Token))
}

// String returns the text form: "s1 = create-stream c1 tags=a=b token=t1".
func (o CreateStream) String() string {
	return words(o.As.String()+" = create-stream", o.Ref.String(), askedText(o.At),
		maybe("ordering", o.Ordering), maybe("format", o.Format), maybe("kinesis", o.Kinesis), maybe("role", o.Role),
		givenTags(o.Tags, o.GivenTags), tokenMember(o.Token))
}

// String returns the text form: "get-stream c1/s1".
func (o GetStream) String() string {
	return words("get-stream", streamText(o.Ref, o.Stream), askedText(o.At))
}

// String returns the text form: `list-streams c1 max=2 next="x y"`.
func (o ListStreams) String() string {
	return words("list-streams", o.Ref.String(), askedText(o.At), maxText(o.Max), maybe("next", o.Next))
}

// String returns the text form: "delete-stream c1/s1 token=t1".
func (o DeleteStream) String() string {
	return words("delete-stream", streamText(o.Ref, o.Stream), askedText(o.At), tokenMember(o.Token))
}

// String returns the text form:
// "c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2".
func (o CreateMultiRegionClusters) String() string {
	return words(handlesText(o.As)+" = create-linked", regionText(o.Region), "regions="+join(o.Linked, ",", regionText),
		optional("witness", string(o.Witness)), switchText("protection", o.Protection), tokenMember(o.Token))
}

// String returns the text form: "delete-linked us-east-1 c1,c2 token=t1".
func (o DeleteMultiRegionClusters) String() string {
	refs := "[]"
	if len(o.Refs) > 0 {
		refs = join(o.Refs, ",", Ref.String)
	}
	return words("delete-linked", regionText(o.Region), refs, tokenMember(o.Token))
}

// String returns the text form: "c3 = hostile us-east-1 CreateCluster clientToken too-long",
// "hostile us-east-1 GetStream streamIdentifier pattern c1/s1",
// "hostile us-east-1 GetCluster - unsigned c1".
func (o Hostile) String() string {
	verb, member, resource := "hostile", quote(o.Member), ""
	if o.As != 0 {
		verb = o.As.String() + " = hostile"
	}
	switch o.Member {
	case "":
		member = requestItself
	case requestItself:
		member = strconv.QuoteToASCII(requestItself)
	}
	if o.Ref != (Ref{}) || o.Stream != (StreamRef{}) {
		resource = resourceText(o.Ref, o.Stream)
	}
	return words(verb, regionText(o.Region), quote(o.Operation), member, quote(o.Fault), resource)
}

// requestItself stands for the member of a hostile request that is hostile as a whole.
const requestItself = "-"

// String returns the text form: "await c1 ACTIVE", "await c1 gone", "await c1/s1 ACTIVE".
func (o Await) String() string {
	status := o.Status.String()
	if o.Stream != (StreamRef{}) {
		status = o.Shows.String()
	}
	return words("await", resourceText(o.Ref, o.Stream), status)
}

// String returns the text form: "wait 3s".
func (o Wait) String() string { return words("wait", o.For.String()) }

// String returns the text form: "connect c1".
func (o Connect) String() string { return words("connect", o.Ref.String()) }

// String returns the text form: `raw us-east-1 POST /cluster body="{"`.
func (o Raw) String() string {
	path := o.Path
	if !barePath(path) {
		path = strconv.QuoteToASCII(path)
	}
	return words("raw", regionText(o.Region), quote(o.Method), path, maybe("type", o.Type), maybe("body", o.Body))
}
