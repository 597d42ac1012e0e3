package model

import (
	"testing"

	"pgregory.net/rapid"
)

const keyARN = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c"

func TestEncryptionIsJudgedByTheKeyOfTheCluster(t *testing.T) {
	cluster := func(change func(*Cluster)) World {
		c := Cluster{Handle: 1, Region: "us-east-1", Status: Active}
		change(&c)
		return World{Env: NewEnv(), Clusters: []Cluster{c}}
	}
	owned := cluster(func(*Cluster) {})
	given := cluster(func(c *Cluster) { c.Key = keyARN })
	alias := cluster(func(c *Cluster) { c.Key = "alias/a" })
	rekeyed := cluster(func(c *Cluster) { c.Key, c.Rekeyed = keyARN, true })
	updating := cluster(func(c *Cluster) {
		c.Status, c.Origin, c.Key, c.Rekeyed, c.Before = Updating, Active, keyARN, true, Before{Valid: true}
	})
	reverting := cluster(func(c *Cluster) {
		c.Status, c.Origin, c.Rekeyed, c.Before = Updating, Active, true, Before{Valid: true, Key: keyARN}
	})
	shown := func(e Encryption) Reply { return Reply{Cluster: 1, Status: Active, Protection: Off, Encryption: e} }
	during := func(e Encryption) Reply { return Reply{Cluster: 1, Status: Updating, Protection: Off, Encryption: e} }
	of := func(kind EncryptionType, s EncryptionStatus) Encryption { return Encryption{Type: kind, Status: s} }
	with := func(arn string) Encryption {
		return Encryption{Type: CustomerManaged, Status: EncryptionEnabled, Key: Some(arn)}
	}
	for _, test := range []struct {
		name  string
		world World
		reply Reply
		want  string
	}{
		{"the details may be left out", owned, shown(Encryption{}), "allowed"},
		{"the key of AWS is the default", owned, shown(of(AWSOwned, EncryptionEnabled)), "allowed"},
		{"the default is no key of the customer", owned, shown(of(CustomerManaged, EncryptionEnabled)), "forbidden"},
		{"ENABLING may show", owned, shown(of(AWSOwned, EncryptionEnabling)), "allowed"},
		{"UPDATING shows after an update alone", owned, shown(of(AWSOwned, EncryptionUpdating)), "DSQL-ENC-003"},
		{"the key of AWS is not lost", owned, shown(of(AWSOwned, KeyInaccessible)), "DSQL-ENC-004"},
		{"a key of AWS may have an ARN (Q30)", owned, shown(Encryption{Type: AWSOwned, Status: EncryptionEnabled, Key: Some(keyARN)}), "allowed"},
		{"a key of the customer is shown as such", given, shown(of(CustomerManaged, EncryptionEnabled)), "allowed"},
		{"a key of the customer is not that of AWS", given, shown(of(AWSOwned, EncryptionEnabled)), "forbidden"},
		{"a key of the customer may be lost", given, shown(of(CustomerManaged, KeyInaccessible)), "allowed"},
		{"the key that was given is shown", given, shown(with(keyARN)), "allowed"},
		{"another key is not shown", given, shown(with(keyARN + "d")), "forbidden"},
		{"the ARN behind an alias is not known", alias, shown(with(keyARN)), "allowed"},
		{"an update may still spread", rekeyed, shown(of(CustomerManaged, EncryptionUpdating)), "allowed"},
		{"the key of before shows no more after the update", rekeyed, shown(of(AWSOwned, EncryptionEnabled)), "forbidden"},
		{"the key of before may show during the update", updating, during(of(AWSOwned, EncryptionUpdating)), "allowed"},
		{"the key of now may show during the update", updating, during(with(keyARN)), "allowed"},
		{"a lost key may show while it is replaced", reverting, during(of(CustomerManaged, KeyInaccessible)), "allowed"},
		{"no third key shows during the update", updating, during(with(keyARN + "d")), "forbidden"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := verdict(test.world, GetCluster{Ref: C(1)}, test.reply); got != test.want {
				t.Errorf("%s: got %s, want %s", test.reply, got, test.want)
			}
		})
	}
}

func TestAnUpdateOfTheKeyIsOwedWhereItGoesBackToThatOfAWS(t *testing.T) {
	world := func(key string) World {
		return World{Env: NewEnv(), Clusters: []Cluster{{Handle: 1, Region: "us-east-1", Status: Active, Key: key}}}
	}
	back, there := Some("AWS_OWNED_KMS_KEY"), Some(keyARN)
	refused := Reply{Code: Conflict}
	for _, test := range []struct {
		name string
		key  string
		op   UpdateCluster
		want string
	}{
		{"from a key of the customer", keyARN, UpdateCluster{Ref: C(1), Key: back}, "forbidden"},
		{"not where it changes nothing", "", UpdateCluster{Ref: C(1), Key: back}, "allowed"},
		{"not to a key that may be unknown", "", UpdateCluster{Ref: C(1), Key: there}, "allowed"},
		{"not together with another change (Q21)", keyARN, UpdateCluster{Ref: C(1), Key: back, Protection: On}, "allowed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := verdict(world(test.key), test.op, refused); got != test.want {
				t.Errorf("%s refused: got %s, want %s", test.op, got, test.want)
			}
		})
	}
}

// What a read shows of a cluster is what it shows again once it was taken for
// granted.
func TestAdoptedEncryptionExplainsWhatWasShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Cluster{Handle: 1, Status: Active, Key: rapid.SampledFrom([]string{"", "alias/a", keyARN}).Draw(t, "key")}
		e := Encryption{
			Type:   EncryptionType(rapid.IntRange(0, 2).Draw(t, "type")),
			Status: EncryptionStatus(rapid.IntRange(0, 3).Draw(t, "status")),
		}
		if e.Type == CustomerManaged && rapid.Bool().Draw(t, "with its ARN") {
			e.Key = Some(keyARN + "d")
		}
		adoptEncryption(&c, e)
		encryptionOf(&c).diff(&Reply{Encryption: e}, func(id RuleID, shape string) {
			t.Fatalf("got %s (%s) after %v was adopted as %q", id, shape, e, c.Key)
		})
	})
}
