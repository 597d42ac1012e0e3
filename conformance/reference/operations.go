package reference

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"dsqlconform/model"
)

// operations says how the members of each operation become the model's. They
// have been checked.
var operations = map[string]func(*decoder) model.Op{
	"CreateCluster": func(d *decoder) model.Op {
		op := model.CreateCluster{Region: d.region, Protection: d.flag("deletionProtectionEnabled"), Key: d.text("kmsEncryptionKey"), Multi: d.multi(),
			Policy: d.policy(), Bypass: d.flag("bypassPolicyLockoutSafetyCheck"), Token: d.clientToken()}
		op.Tags, op.GivenTags = d.tags()
		op.As = d.newCluster(op)
		return op
	},
	"GetCluster": func(d *decoder) model.Op { return model.GetCluster{Ref: d.cluster("identifier"), At: d.region} },
	"ListClusters": func(d *decoder) model.Op {
		return model.ListClusters{Region: d.region, Max: d.number("maxResults"), Next: d.page(string(d.region))}
	},
	"UpdateCluster": func(d *decoder) model.Op {
		return model.UpdateCluster{Ref: d.cluster("identifier"), At: d.region, Protection: d.flag("deletionProtectionEnabled"), Key: d.text("kmsEncryptionKey"),
			Multi: d.multi(), Token: d.clientToken()}
	},
	"DeleteCluster": func(d *decoder) model.Op {
		return model.DeleteCluster{Ref: d.cluster("identifier"), At: d.region, Token: d.clientToken()}
	},
	"TagResource": func(d *decoder) model.Op {
		ref, stream := d.resource("resourceArn")
		tags, _ := d.tags()
		return model.TagResource{Ref: ref, Stream: stream, At: d.region, Tags: tags}
	},
	"UntagResource": func(d *decoder) model.Op {
		ref, stream := d.resource("resourceArn")
		return model.UntagResource{Ref: ref, Stream: stream, At: d.region, Keys: d.texts("tagKeys")}
	},
	"ListTagsForResource": func(d *decoder) model.Op {
		ref, stream := d.resource("resourceArn")
		return model.ListTagsForResource{Ref: ref, Stream: stream, At: d.region}
	},
	"GetVpcEndpointServiceName": func(d *decoder) model.Op {
		return model.GetVpcEndpointServiceName{Ref: d.cluster("identifier"), At: d.region}
	},
	"PutClusterPolicy": func(d *decoder) model.Op {
		ref := d.cluster("identifier")
		return model.PutClusterPolicy{Ref: ref, At: d.region, Policy: d.policy().Value, Bypass: d.flag("bypassPolicyLockoutSafetyCheck"),
			Expect: d.expect(ref), Token: d.clientToken()}
	},
	"GetClusterPolicy": func(d *decoder) model.Op {
		return model.GetClusterPolicy{Ref: d.cluster("identifier"), At: d.region}
	},
	"DeleteClusterPolicy": func(d *decoder) model.Op {
		ref := d.cluster("identifier")
		return model.DeleteClusterPolicy{Ref: ref, At: d.region, Expect: d.expect(ref), Token: d.clientToken()}
	},
	"CreateStream": func(d *decoder) model.Op {
		// Every target is taken for the usual one, which can be used.
		op := model.CreateStream{Ref: d.cluster("clusterIdentifier"), At: d.region, Ordering: d.text("ordering"), Format: d.text("format"), Token: d.clientToken()}
		op.Tags, op.GivenTags = d.tags()
		op.As = d.newStream(op)
		return op
	},
	"GetStream": func(d *decoder) model.Op {
		return model.GetStream{Ref: d.cluster("clusterIdentifier"), Stream: d.stream("streamIdentifier"), At: d.region}
	},
	"ListStreams": func(d *decoder) model.Op {
		id := d.text("clusterIdentifier").Value
		return model.ListStreams{Ref: d.cluster("clusterIdentifier"), At: d.region, Max: d.number("maxResults"), Next: d.page(id)}
	},
	"DeleteStream": func(d *decoder) model.Op {
		return model.DeleteStream{Ref: d.cluster("clusterIdentifier"), Stream: d.stream("streamIdentifier"), At: d.region, Token: d.clientToken()}
	},
	"CreateMultiRegionClusters": func(d *decoder) model.Op {
		op := model.CreateMultiRegionClusters{Region: d.region, Witness: model.Region(d.text("witnessRegion").Value), Token: d.clientToken()}
		for _, r := range d.texts("linkedRegionList") {
			op.Linked = append(op.Linked, model.Region(r))
		}
		if len(op.Linked) > model.MaxPeers {
			d.refuse("linkedRegionList", "the list of Regions is too long")
			op.Linked = op.Linked[:model.MaxPeers]
		}
		op.Protection = d.linkedProtection(op.Linked)
		for range op.Linked {
			op.As = append(op.As, d.newCluster(op))
		}
		return op
	},
	"DeleteMultiRegionClusters": func(d *decoder) model.Op {
		op := model.DeleteMultiRegionClusters{Region: d.region, Token: d.clientToken()}
		for _, arn := range d.texts("linkedClusterArns") {
			ref, _ := d.e.resource(arn)
			op.Refs = append(op.Refs, ref)
		}
		return op
	},
}

// decoder maps the members of one request.
type decoder struct {
	request
	e       *Endpoint
	refused *answer // what the model cannot be told
}

func (d *decoder) refuse(name, message string) {
	if d.refused == nil {
		d.refused = invalid("fieldValidationFailed", message, name)
	}
}

func (d *decoder) text(name string) model.Maybe        { return d.sent.text(name) }
func (d *decoder) texts(name string) []string          { return d.sent.texts(name) }
func (d *decoder) flag(name string) model.Switch       { return d.sent.flag(name) }
func (d *decoder) tags() (tags model.Tags, given bool) { return d.sent.tags() }

func (d *decoder) number(name string) int {
	text, _ := d.sent[name].(json.Number)
	n, _ := strconv.Atoi(string(text)) // absent is none
	return n
}

func (d *decoder) clientToken() model.Token {
	token := d.text("clientToken")
	d.token = token.Value
	return model.Token{Literal: token}
}

// page reads the token of a listing's page. One that does not belong to what is
// listed is the model's to judge.
func (d *decoder) page(listed string) model.Maybe {
	token := d.text("nextToken")
	if after, ok := d.e.pageAfter(listed, token.Value); ok && token.Given {
		d.after = after
		return model.Maybe{}
	}
	return token
}

// newCluster and newStream return a handle for what op makes.
func (d *decoder) newCluster(op model.Op) model.Handle {
	h, room := d.e.hold.handle()
	if !room && d.refused == nil {
		d.refused = d.e.refusal(model.QuotaExceeded, "", op, "")
	}
	return h
}

func (d *decoder) newStream(op model.Op) model.StreamHandle {
	h, room := d.e.hold.streamHandle()
	if !room && d.refused == nil {
		d.refused = d.e.refusal(model.QuotaExceeded, "", op, "")
	}
	return h
}

// multi reads multiRegionProperties. More peers than the model can hold besides
// the cluster itself are refused.
func (d *decoder) multi() *model.MultiRegion {
	object, given := d.sent["multiRegionProperties"].(map[string]any)
	if !given {
		return nil
	}
	m := &model.MultiRegion{Witness: input(object).text("witnessRegion")}
	_, m.GivenPeers = object["clusters"].([]any)
	for _, arn := range input(object).texts("clusters") {
		ref, _ := d.e.resource(arn)
		if ref.Handle == 0 {
			ref.Literal = stranger(arn)
		}
		m.Peers = append(m.Peers, ref)
	}
	if len(m.Peers) > model.MaxPeers+1 {
		d.refuse("multiRegionProperties.clusters", "the list of clusters is too long")
	}
	return m
}

// stranger returns a well-formed identifier that stands for all of an ARN: two
// strangers may differ in nothing but their Region or account.
func stranger(arn string) string {
	sum := sha256.Sum256([]byte(arn))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:26]
}

// linkedProtection reads the deletion protection that clusterProperties gives to
// the members of a set. The model knows one for all of them.
func (d *decoder) linkedProtection(linked []model.Region) model.Switch {
	properties, _ := d.sent["clusterProperties"].(map[string]any)
	var all model.Switch
	for i, r := range linked {
		of, _ := properties[string(r)].(map[string]any)
		one := input(of).flag("deletionProtectionEnabled")
		if i > 0 && one != all {
			d.refuse("clusterProperties", "the deletion protection of the clusters differs")
		}
		all = one
	}
	return all
}

func (d *decoder) policy() model.Maybe {
	text := d.text("policy")
	text.Value = d.e.symbolic(text.Value)
	return text
}

// noVersion is one that no policy gets.
const noVersion = 1 << 20

// expect reads expectedPolicyVersion: a version that the cluster has had, or
// one that it never has.
func (d *decoder) expect(ref model.Ref) model.Expect {
	text := d.text("expectedPolicyVersion")
	if !text.Given {
		return model.Expect{}
	}
	if n, ok := d.e.hold.version(ref.Handle, text.Value); ok {
		return model.Expect{Version: n}
	}
	return model.Expect{Version: noVersion}
}

func (d *decoder) cluster(name string) model.Ref {
	return d.e.hold.lookup(d.text(name).Value)
}

// stream reads the identifier of a stream. The empty one names no stream, which
// the model cannot be told.
func (d *decoder) stream(name string) model.StreamRef {
	id := d.text(name).Value
	if id == "" {
		d.refuse(name, "the member is empty")
	}
	return d.e.hold.lookupStream(id)
}

func (d *decoder) resource(name string) (model.Ref, model.StreamRef) {
	return d.e.resource(d.text(name).Value)
}

var resourceARN = regexp.MustCompile(`^arn:(aws(?:-[^:]+)?):dsql:([a-z0-9-]{1,20}):([0-9]{12}):cluster/([a-z0-9]{26})(?:/stream/([a-z0-9]{26}))?$`)

// resource returns how to name, to the model, the cluster with that ARN, or the
// stream. The ARN of another account, and of a cluster in a Region where it is
// not, names none.
func (e *Endpoint) resource(arn string) (ref model.Ref, stream model.StreamRef) {
	part := resourceARN.FindStringSubmatch(arn)
	if part == nil {
		// Neither 26 characters nor, by the colon, well-formed.
		return model.Ref{Literal: ":" + arn}, stream
	}
	if part[5] != "" {
		stream = e.hold.lookupStream(part[5])
	}
	ref = e.hold.lookup(part[4])
	c, ok := e.hold.find(ref.Handle)
	if !ok || part[1] != "aws" || part[2] != string(c.Region) || part[3] != e.opts.Account {
		return model.Ref{Literal: part[4]}, stream
	}
	return ref, stream
}
