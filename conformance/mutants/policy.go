package mutants

import "dsqlconform/model"

// policyFaults are the faults in resource policies and in encryption.
var policyFaults = []Mutant{
	{ID: "policy-not-found", Says: "GetClusterPolicy finds no policy that was put", Rule: "DSQL-GPO-010",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.GetClusterPolicy); ok {
					return unchanged(next(edit(w, op.Ref, func(c *model.Cluster) { c.Policy = model.Policy{} }), o), w)
				}
				return next(w, o)
			}
		},
		Shortest: 4, Minimal: "c1 = create us-east-1\n" + "put-policy c1 " + policyA + "\nawait c1 ACTIVE\nget-policy c1"},

	{ID: "policy-of-create-dropped", Says: "CreateCluster drops the policy that it is given", Rule: "DSQL-GPO-010",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.CreateCluster); ok {
					op.Policy = model.Maybe{}
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 3, Minimal: "c1 = create us-east-1 policy=" + policyA + "\nawait c1 ACTIVE\nget-policy c1"},

	{ID: "second-policy-ignored", Says: "a policy that is there is neither replaced nor gets another version", Rule: "DSQL-POL-002",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.PutClusterPolicy)
				if c, _ := w.Live(op.Ref.Handle); ok && c.Policy.Given {
					after.Next = edit(after.Next, op.Ref, func(n *model.Cluster) { n.Policy = c.Policy })
				}
			})
		},
		Shortest: 3, Minimal: "c1 = create us-east-1\nput-policy c1 " + policyA + "\nput-policy c1 " + policyB},

	{ID: "policy-of-peer", Says: "a policy that is put on a cluster is put on those too that name it as a peer", Rule: "DSQL-GPO-010",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				op, ok := o.(model.PutClusterPolicy)
				c, _ := after.Next.Live(op.Ref.Handle)
				for _, p := range after.Next.Clusters {
					if ok && p.Names(c.Handle) && p.Status != model.Gone {
						p.Policy = model.Policy{Given: true, Text: c.Policy.Text, At: w.Now}
						after.Next = after.Next.With(p)
					}
				}
			})
		},
		Shortest: 4, Minimal: "c1 = create us-east-1 witness=us-west-2\nc2 = create us-east-2 witness=us-west-2 peers=c1\n" +
			"put-policy c1 " + policyA + "\nget-policy c2"},

	{ID: "policy-delete-forgotten", Says: "DeleteClusterPolicy leaves the policy as it is", Rule: "DSQL-GPO-010",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, func(w model.World, o model.Op, after *model.Outcome) {
				if _, ok := o.(model.DeleteClusterPolicy); ok {
					after.Next = w
				}
			})
		},
		Shortest: 4, Minimal: "c1 = create us-east-1\nput-policy c1 " + policyA + "\ndelete-policy c1\nget-policy c1"},

	{ID: "policy-across-regions", Says: "PutClusterPolicy finds the clusters of every Region", Rule: "DSQL-PPO-002",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.PutClusterPolicy); ok {
					op.At = ""
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 2, Minimal: "c1 = create us-east-1\nput-policy c1 @us-east-2 " + policyA},

	{ID: "expected-version-ignored", Says: "PutClusterPolicy ignores the version that it is told to expect", Rule: "DSQL-PPO-007",
		Step: func(next StepFunc) StepFunc {
			return func(w model.World, o model.Op) []model.Outcome {
				if op, ok := o.(model.PutClusterPolicy); ok {
					op.Expect = model.Expect{}
					return next(w, op)
				}
				return next(w, o)
			}
		},
		Shortest: 3, Minimal: "c1 = create us-east-1\nput-policy c1 " + policyA + "\nput-policy c1 " + policyB + " expect=v2"},

	{ID: "key-update-forgotten", Says: "an update of the key is taken and changes nothing", Rule: "DSQL-ENC-001",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, rekeyed(func(was, _ string) string { return was }))
		},
		Shortest: 5, Minimal: "c1 = create us-east-1\nawait c1 ACTIVE\nupdate c1 key=" + keyA + "\nwait 1s\nget c1"},

	{ID: "key-of-another", Says: "an update of the key brings another key into force", Rule: "DSQL-ENC-002",
		Step: func(next StepFunc) StepFunc {
			return succeeded(next, rekeyed(func(_, now string) string { return now + "0" }))
		},
		Shortest: 4, Minimal: "c1 = create us-east-1\nawait c1 ACTIVE\nupdate c1 key=" + keyA + "\nget c1"},

	{ID: "encryption-updating", Says: "encryptionStatus is UPDATING for ever", Rule: "DSQL-ENC-003",
		Wrap: rewritten(func(a *response) {
			if details, ok := a.body["encryptionDetails"].(map[string]any); ok {
				details["encryptionStatus"] = model.EncryptionUpdating.String()
			}
		}),
		Shortest: 2, Minimal: "c1 = create us-east-1\nget c1"},
}

// Policies and a key for sequences.
const (
	policyA = `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::${account}:root\"},\"Action\":\"dsql:DbConnect\",\"Resource\":\"*\"}]}"`
	policyB = `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::${account}:root\"},\"Action\":\"dsql:GetCluster\",\"Resource\":\"*\"}]}"`
	keyA    = `"arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"`
)

// rekeyed changes which key an update that gives one leaves behind.
func rekeyed(leaves func(was, now string) string) func(model.World, model.Op, *model.Outcome) {
	return func(w model.World, o model.Op, after *model.Outcome) {
		op, ok := o.(model.UpdateCluster)
		if c, _ := w.Live(op.Ref.Handle); ok && op.Key.Given {
			after.Next = edit(after.Next, op.Ref, func(n *model.Cluster) { n.Key = leaves(c.Key, n.Key) })
		}
	}
}
