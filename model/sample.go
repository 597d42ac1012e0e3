package model

import (
	"fmt"
	"slices"
	"time"
)

// sampleCalls are the calls whose answers show what rules speak of. In each world
// c1 is the cluster asked for, c2 its peer, c3 new and c9 nobody.
var sampleCalls = []string{
	"c3 = create us-east-1",
	"c3 = create us-east-1 protection=off tags=a=1 token=t1",
	"c3 = create us-east-1 token=t1",
	"c3 = create us-east-1 witness=us-west-2",
	"c3 = create us-east-1 witness=us-east-1",
	"c3 = create us-east-1 witness=eu-west-1",
	"c3 = create us-east-1 witness=us-west-2 peers=c1",
	"c3 = create us-east-1 witness=us-west-2 peers=c2",
	"c3 = create us-east-1 witness=us-west-2 peers=c2,c2",
	`c3 = create us-east-1 token=""`,
	`c3 = create us-east-1 key=""`,
	"c3 = create us-east-1 key=alias/k",
	"c3 = create us-east-1 tags=aws:k=v",
	`c3 = create us-east-1 policy=""`,
	`c3 = create us-east-1 policy="{}"`,
	"get c1", "get c1 @eu-west-1", `get "x"`, `get ""`,
	"list us-east-1", "list us-east-2", "list us-east-1 max=101", "list us-east-1 next=x",
	"update c1 protection=off", "update c1 protection=on", "update c1 protection=off token=t1", "update c1 protection=on token=t1",
	"update c1 protection=on key=alias/k", "update c1 key=AWS_OWNED_KMS_KEY", `update c1 key=""`, `update c1 token=""`, "update c1 @eu-west-1 protection=off", `update "x" protection=off`,
	"update c1 witness=us-west-2", "update c1 witness=us-west-2 peers=c2", "update c1 witness=us-west-2 peers=c9", "update c1 witness=us-east-1",
	"update c1 witness=us-west-2 peers=c2,c2", `update c1 witness=us-west-2 peers=""`,
	"delete c1", "delete c1 token=t1", `delete c1 token=""`, "delete c1 @eu-west-1", `delete "x"`,
	"tag c1 a=2", "tag c1 " + manyTags(), "tag c1 aws:k=v", "tag c1 @eu-west-1 a=2", `tag "x" a=2`, "tag c1/s1 a=2", "tag c1/s9 a=2", `tag c1/"x" a=2`,
	"untag c1 a", "untag c1 z", "untag c1 []", "untag c1 @eu-west-1 a", `untag "x" a`, "untag c1/s1 a", "untag c1/s9 a", `untag c1/"x" a`,
	"tags c1", "tags c1 @eu-west-1", `tags "x"`, "tags c1/s1", "tags c1/s9", `tags c1/"x"`,
	"vpc c1", "vpc c1 @eu-west-1", `vpc "x"`,
	"put-policy c1 " + samplePolicy, "put-policy c1 " + samplePolicy + " token=t1", "put-policy c1 " + samplePolicy + " expect=v1", "put-policy c1 " + samplePolicy + " expect=v2",
	"put-policy c1 " + samplePolicy + ` expect="v9"`, `put-policy c1 ""`, `put-policy c1 "{}"`, "put-policy c1 " + samplePolicy + ` token=""`, "put-policy c1 @eu-west-1 " + samplePolicy, `put-policy "x" ` + samplePolicy,
	"get-policy c1", "get-policy c1 @eu-west-1", `get-policy "x"`,
	"delete-policy c1", "delete-policy c1 token=t1", "delete-policy c1 expect=v1", "delete-policy c1 expect=v2", `delete-policy c1 expect="v9"`,
	`delete-policy c1 token=""`, "delete-policy c1 @eu-west-1", `delete-policy "x"`,
	"s3 = create-stream c1", "s3 = create-stream c1 tags=a=1 token=t1", "s3 = create-stream c1 tags=aws:k=v", `s3 = create-stream c1 token=""`, "s3 = create-stream c1 ordering=X format=Y",
	"s3 = create-stream c1 @eu-west-1", `s3 = create-stream "x"`,
	"get-stream c1/s1", "get-stream c1/s9", `get-stream c1/"x"`, "get-stream c1/s1 @eu-west-1", `get-stream "x"/s1`,
	"list-streams c1", "list-streams c1 max=101", "list-streams c1 next=x", "list-streams c1 @eu-west-1", `list-streams "x"`,
	"delete-stream c1/s1", "delete-stream c1/s1 token=t1", "delete-stream c1/s9", `delete-stream c1/"x"`, `delete-stream c1/s1 token=""`, "delete-stream c1/s1 @eu-west-1", `delete-stream "x"/s1`,
	"c3,c4 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2", "c3,c4 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-east-1",
	"delete-linked us-east-1 c1,c2",
	"connect c1",
}

const samplePolicy = `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::${account}:root\"},\"Action\":\"dsql:DbConnect\",\"Resource\":\"*\"}]}"`

// manyTags returns one tag more than every service takes.
func manyTags() string {
	list := map[string]string{}
	for i := range plentyTags + 1 {
		list[fmt.Sprintf("k%d", i)] = "v"
	}
	return tagsText(NewTags(list))
}

// sampleEnvs are what the worlds take as given: nothing, old reads, what is known
// of quotas, and the revision before the present one.
func sampleEnvs() []*Env {
	lag, full, before := NewEnv(), NewEnv(), NewEnv()
	lag.Lag = time.Hour
	full.Quota, full.Kinesis = Quota{Single: 1, Multi: 1, Streams: 1}, true
	kinesis := NewEnv()
	kinesis.Kinesis = true
	before.Revision = May2025
	return []*Env{NewEnv(), lag, full, kinesis, before}
}

// sampleWorlds are worlds in which c1 has each status in turn: alone, waiting for
// a peer, naming one, set up with one, and with all that it can have. Those that
// break an invariant are none.
func sampleWorlds(env *Env) []World {
	const now = time.Minute
	var list []World
	for s := Creating; s <= Gone; s++ {
		for kind := range 4 {
			for _, rich := range []bool{false, true} {
				for _, protected := range []bool{false, true} {
					c := Cluster{Handle: 1, Region: "us-east-1", Status: s, Protected: protected, Born: now, Deleted: leaving.Has(s) || s == Gone}
					p := Cluster{Handle: 2, Region: "us-east-2", Status: Active, Protected: protected, Born: now}
					if kind > 0 {
						c.Multi, p.Multi, c.Witness, p.Witness = true, true, "us-west-2", "us-west-2"
						p.Status = PendingSetup
					}
					if kind > 1 {
						c.Peers[0] = 2
					}
					if kind > 2 {
						c.Joined, p.Joined, p.Peers[0], p.Status = true, true, 1, Active
					}
					if s == Updating {
						c.Origin = Active
						if kind == 1 || kind == 2 {
							c.Origin = PendingSetup
						}
						if rich {
							c.Before = Before{Valid: true, Protected: !protected, Multi: c.Multi, Witness: c.Witness, Peers: c.Peers}
						}
					}
					w := World{Env: env, Now: now, Asked: now, Clusters: []Cluster{c, p}}
					if rich {
						w = w.enriched()
					}
					if !slices.ContainsFunc(Invariants, func(i Invariant) bool { return i.Holds(w) != nil }) {
						list = append(list, w)
					}
				}
			}
		}
	}
	return list
}

// enriched gives c1 a key, tags, a policy and streams.
func (w World) enriched() World {
	c := w.Clusters[0]
	c.Key, c.Tags = "alias/k", NewTags(map[string]string{"a": "1"})
	c.Policy = Policy{Given: true, Text: CanonicalPolicy("{}"), Version: 1, At: w.Now}
	if c.Status == Gone {
		return w.With(c)
	}
	w = w.With(c)
	for i, s := range []StreamStatus{StreamActive, StreamDeleting} {
		w = w.WithStream(Stream{Handle: StreamHandle(i + 1), Cluster: c.Handle, Status: StreamStatuses(s), Deleted: s == StreamDeleting})
	}
	return w
}

// spoils are the respects in which a reply is made wrong.
var spoils = []func(*Reply){
	func(r *Reply) { r.Cluster = Unknown },
	func(r *Reply) { r.Changed = "arn" },
	func(r *Reply) { r.Status = Failed },
	func(r *Reply) { r.Status = Active },
	func(r *Reply) { r.Protection = r.Protection ^ Off ^ On },
	func(r *Reply) { r.Multi = !r.Multi },
	func(r *Reply) { r.Witness = Some("nowhere") },
	func(r *Reply) { r.Members = []Handle{Unknown} },
	func(r *Reply) { r.Members = []Handle{r.Cluster, Unknown} },
	func(r *Reply) { r.Tags = NewTags(map[string]string{"no": "tag"}) },
	func(r *Reply) { r.Listed = nil },
	func(r *Reply) { r.Listed = []Handle{1, 2} },
	func(r *Reply) { r.Twice = []Handle{1, 2} },
	func(r *Reply) { r.Service = "" },
}

// spoiled is a reply whose parts fit nothing.
var spoiled = Reply{
	Encryption: Encryption{Type: CustomerManaged, Status: EncryptionUpdating, Key: Some("arn:aws:kms:us-east-1:123456789012:key/none")},
	Policy:     Document{Text: "none", Version: 1},
	Stream:     StreamReply{Handle: UnknownStream, Status: StreamFailed, Ordering: "X", Format: "Y", Target: Off},
	Legacy:     Legacy{Witness: Some("nowhere"), Linked: []Handle{Unknown}},
}
