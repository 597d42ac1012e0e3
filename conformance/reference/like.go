package reference

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"

	"dsqlconform/model"
)

// The rules that the likes below tell apart.
const (
	byToken model.RuleID = "DSQL-TOK-001" // the earlier result
	byAge   model.RuleID = "DSQL-TOK-002"
	byQuota model.RuleID = "DSQL-ERR-002"
)

// refuses: a refusal, but for the quota, which may be used up at any creation.
func refuses(c *Case) bool {
	return !c.Outcome.Want.Success() && !has(c, byQuota)
}

// succeeds: a success that the model describes.
func succeeds(c *Case) bool { return c.Outcome.Want.Success() && !c.Outcome.Want.Any }

// anyhow: a success that the model does not describe.
func anyhow(c *Case) bool { return c.Outcome.Want.Any }

// made: an outcome of one of these rules.
func made(rules ...model.RuleID) Like {
	return func(c *Case) bool { return has(c, rules...) }
}

func has(c *Case, rules ...model.RuleID) bool {
	return slices.ContainsFunc(c.Outcome.Rules, func(id model.RuleID) bool { return slices.Contains(rules, id) })
}

// leaves: a success that leaves the cluster of the call in one of these statuses.
func leaves(statuses ...model.Status) Like {
	return func(c *Case) bool {
		if !c.Outcome.Want.Success() || c.Outcome.Want.Cluster == 0 || has(c, byToken) {
			return false
		}
		after, ok := c.Outcome.Next.Find(c.Outcome.Want.Cluster)
		return ok && slices.Contains(statuses, after.Status)
	}
}

// tokened: the call's token has been used.
func tokened(c *Case) bool { return len(c.World.Tokens) > 0 }

// strict: a refusal because of the token.
func strict(c *Case) bool {
	return tokened(c) && refuses(c) && has(c, byAge, "DSQL-TOK-003", "DSQL-TOK-004")
}

// old: the result of the token's first use.
func old(c *Case) bool { return has(c, byToken) }

// anew: a new effect in spite of the token.
func anew(c *Case) bool { return tokened(c) && succeeds(c) && !has(c, byToken) }

// asleep: a refusal by a cluster that is IDLE or INACTIVE.
func asleep(c *Case) bool {
	return (c.Was == model.Idle || c.Was == model.Inactive) && refuses(c)
}

// quota: a refusal by the quota, one time in eight.
func quota(c *Case) bool { return c.Roll%8 == 0 && has(c, byQuota) }

// loses: a change that is taken and lost, on a cluster that is on its way out.
func loses(c *Case) bool {
	return succeeds(c) && has(c, "DSQL-TAG-007") && !has(c, "DSQL-TAG-010", "DSQL-UTG-010")
}

// tossed: a refusal by an open row whose coin says so.
func tossed(c *Case) bool { return refuses(c) && toss(c, c.Outcome.Rules[0]) }

// turned: a success by a row whose coin says so.
func turned(c *Case) bool {
	return succeeds(c) && toss(c, c.Outcome.Rules[len(c.Outcome.Rules)-1])
}

// toss throws the coin of a rule in the context of a case. It depends on the
// seed, the rule and the context, and on nothing else.
func toss(c *Case, id model.RuleID) bool {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %s %s", c.Seed, id, c.Op.Name(), c.Was)
	return h.Sum64()>>20&1 == 1
}

// unsure: a refusal of a policy that is more than plain, or of a version that is
// expected where there is none.
func unsure(c *Case) bool {
	return refuses(c) && has(c, "DSQL-PPO-006", "DSQL-PPO-008", "DSQL-DPO-007")
}

// blind: a refusal of a version that is expected where there is none, or of a
// policy that is no JSON text.
func blind(c *Case) bool {
	var policy string
	switch op := c.Op.(type) {
	case model.PutClusterPolicy:
		policy = op.Policy
	case model.CreateCluster:
		policy = op.Policy.Value
	}
	return refuses(c) && (has(c, "DSQL-PPO-008", "DSQL-DPO-007") || policy != "" && !json.Valid([]byte(policy)))
}

// crowded: a refusal by a quota that is used up. All that is not gone counts,
// whatever became of it.
func crowded(c *Case) bool {
	if !has(c, byQuota) {
		return false
	}
	quota := &c.World.Env.Quota
	switch op := c.Op.(type) {
	case model.CreateStream:
		return len(c.World.StreamsOf(op.Ref.Handle)) >= cmp.Or(quota.Streams, 5)
	case model.CreateCluster:
		n, most := 0, quota.Single
		if op.Multi != nil {
			most = quota.Multi
		}
		for _, other := range c.World.Clusters {
			if other.Region == op.Region && other.Multi == (op.Multi != nil) && other.Status != model.Gone {
				n++
			}
		}
		return most > 0 && n >= most
	}
	return false
}

// unlinked: a refusal of the retired creation of anything but two clusters.
func unlinked(c *Case) bool {
	op, ok := c.Op.(model.CreateMultiRegionClusters)
	return ok && refuses(c) && (len(op.Linked) != 2 || op.Linked[0] == op.Linked[1])
}

// usual is what every temperament prefers in the end: what is documented, and
// success. Another request with a used token is refused.
var usual = []Like{
	crowded,
	func(c *Case) bool { return !has(c, byQuota) },
	func(c *Case) bool { return tokened(c) && refuses(c) && has(c, "DSQL-TOK-003") },
	made("DSQL-LIF-014", "DSQL-LIF-015"), // a connection wakes
	blind,
	unlinked,
	succeeds,
	func(c *Case) bool { return !c.Outcome.Want.Any },
	func(c *Case) bool {
		return !slices.ContainsFunc(c.Outcome.Rules, func(id model.RuleID) bool {
			r, ok := model.LookupRule(id)
			return ok && r.Question != ""
		})
	},
}
