package generators

import (
	"slices"
	"strconv"
	"strings"

	"dsqlconform/model"
)

func tokenName(n int) string { return "t" + strconv.Itoa(n) }

// Few keys and values, so that tags meet tags.
var (
	keys   = []string{"env", "team", "x y", "a/b:c"}
	values = []string{"dev", "prod", "", "a=b+c-d@e"}
)

// Tags at and past the documented limits (F145, F146, F147).
var (
	longTags = []model.Tags{
		pair(strings.Repeat("k", 128), "v"),
		pair("k", strings.Repeat("v", 256)),
		many(50),
	}
	badTags = []model.Tags{
		pair(strings.Repeat("k", 129), "v"),
		pair("k", strings.Repeat("v", 257)),
		pair("", "v"),
		pair("aws:k", "v"),
		pair("k!", "v"),
		pair("k", "v<"),
		many(201),
	}
	badKeys = [][]string{nil, {""}, {strings.Repeat("k", 129)}, {"k!"}, {"aws:k"}}
)

func pair(k, v string) model.Tags { return model.NewTags(map[string]string{k: v}) }

// many returns that many tags.
func many(n int) model.Tags {
	m := map[string]string{}
	for i := range n {
		m["k"+strconv.Itoa(i)] = "v"
	}
	return model.NewTags(m)
}

// Identifiers that are none: too short, too long, upper case, a character that
// no identifier has. None is empty or holds a slash, which would make another
// path of it.
var badIdentifiers = []string{
	"abc",
	strings.Repeat("a", 25),
	strings.Repeat("a", 27),
	strings.Repeat("A", 26),
	strings.Repeat("a", 25) + "_",
	strings.Repeat("a", 25) + "%",
	strings.Repeat("a", 25) + "é",
}

// Lengths of client tokens at the limits, and tokens past them (F034, F081).
var (
	edgeLengths = []int{1, 2, 128}
	badTokens   = []string{"", strings.Repeat("t", 129), "t t", "té", "t\tt"}
)

// Page sizes of listings. The usual ones are pages of one or two, so that few
// resources fill several, or whatever the service likes.
var (
	usualPages  = []int{1, 1, 2, 100, 0, 0, 0, 0}
	variedPages = []int{1, 1, 1, 2, 2, 3, 5, 10, 50, 99, 100, 0}
)

// Keys as kmsEncryptionKey names them: the service's own, and those of an
// account by ARN, identifier and alias (F078).
var kmsKeys = []string{
	"AWS_OWNED_KMS_KEY",
	"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
	"AWS_OWNED_KMS_KEY",
	"1234abcd-12ab-34cd-56ef-1234567890ab",
	"alias/orders",
	"arn:aws:kms:us-east-1:111122223333:alias/orders",
}

// Resource policies that a service has no reason to refuse: they allow the own
// account what it may do already. The first is the simplest.
var policies = []string{
	policy("Allow", ownAccount, "dsql:GetCluster"),
	policy("Allow", ownAccount, "dsql:DbConnect"),
	policy("Allow", ownAccount, "dsql:GetCluster") + " ", // the same by meaning
	policy("Allow", ownAccount, "dsql:DbConnectAdmin"),
}

// Resource policies that a service may refuse: they deny, trust everybody or
// another account, lock out who sends them, or are as long as may be. None
// forbids the deletion of the cluster.
var oddPolicies = []string{
	policy("Deny", ownAccount, "dsql:DbConnect"),
	policy("Deny", `"*"`, "dsql:DbConnect"),
	policy("Allow", `"*"`, "dsql:DbConnect"),
	policy("Allow", `{"AWS":"arn:aws:iam::999988887777:root"}`, "dsql:DbConnect"),
	policy("Deny", `"*"`, "dsql:PutClusterPolicy"),
	policy("Allow", ownAccount, "s3:GetObject"),
	`{"Version":"2012-10-17","Statement":[]}`,
	`{}`,
	longPolicy(maxPolicy),
}

// Texts that are no policy: no JSON, or of a length that the service description
// forbids.
var badPolicies = []string{"", "{", "policy", "[1]", longPolicy(maxPolicy + 1)}

var strangePolicies = slices.Concat(oddPolicies, badPolicies)

// maxPolicy is how many characters a policy may have.
const maxPolicy = 20480

// ownAccount is the principal of the account that the clusters belong to.
const ownAccount = `{"AWS":"arn:aws:iam::${account}:root"}`

func policy(effect, principal, action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `","Principal":` + principal + `,"Action":"` + action + `","Resource":"*"}]}`
}

// longPolicy returns a policy of that many characters, most of them blank.
func longPolicy(n int) string {
	p := policy("Allow", `"*"`, "dsql:DbConnect")
	return p[:1] + strings.Repeat(" ", n-len(p)) + p[1:]
}

// Texts that are no version of a policy.
var badVersions = []string{"0", "-1", "latest", ""}

// What CreateStream does not take: an order and a format that there are not
// (F173), and targets and roles that are malformed, of another Region or of
// another account (F172).
var (
	badOrderings = []string{"", "ORDERED", "unordered"}
	badFormats   = []string{"", "AVRO", "json"}
	badKinesis   = []string{
		"",
		"orders",
		"arn:aws:kinesis:eu-west-1:111122223333:stream/orders",
		"arn:aws:kinesis:us-east-1:999988887777:stream/orders",
		"arn:aws:sqs:us-east-1:111122223333:orders",
	}
	badRoles = []string{"", "orders", "arn:aws:iam::999988887777:role/orders", "arn:aws:iam::111122223333:user/orders"}
)

// Names of keys that the pattern of kmsEncryptionKey forbids (F078).
var badKMSKeys = []string{"", "alias/no spaces", strings.Repeat("k", 2049)}
