package model

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// plainPolicy returns the document that every cluster has to take.
func plainPolicy(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${account}:root"},"Action":"dsql:` + action + `","Resource":"*"}]}`
}

func TestCanonicalPolicyStandsForWhatMeansTheSame(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"an object has sorted keys and no white space", `{ "b" : 1, "a":true }` + "\n", `{"a":true,"b":1}`},
		{"a list of one is its element", `{"a":["b"]}`, `{"a":"b"}`},
		{"a list of a list of one is the element", `[[["b"]]]`, `"b"`},
		{"a list of texts is a set", `["b","a","b"]`, `["a","b"]`},
		{"a list of equal texts is one of them", `["a","a"]`, `"a"`},
		{"a list of anything else keeps its order", `[{"b":1},{"a":1}]`, `[{"b":1},{"a":1}]`},
		{"numbers keep their digits", `{"a":10000000000000000000001.50}`, `{"a":10000000000000000000001.50}`},
		{"an account is its root", `{"Principal":{"AWS":["123456789012"]}}`, `{"Principal":{"AWS":"arn:aws:iam::123456789012:root"}}`},
		{"the account of the target is its root", `{"AWS":"${account}"}`, `{"AWS":"arn:aws:iam::${account}:root"}`},
		{"twelve digits elsewhere are no account", `{"Sid":"123456789012"}`, `{"Sid":"123456789012"}`},
		{"letters that HTML escapes stay", `"<&>"`, `"<&>"`},
		{"what is no JSON stays as it is", "{ \"a\" : 1", "{ \"a\" : 1"},
		{"two values are no JSON", "{} {}", "{} {}"},
		{"nothing stays nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := CanonicalPolicy(test.text); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func FuzzCanonicalPolicy(f *testing.F) {
	for _, seed := range []string{plainPolicy("GetCluster"), `["a",["b"]]`, "{", "\"\xff\"", `{"a":1e999,"a":[]}`, `"\ud800"`, "[[[[[]]]]]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := CanonicalPolicy(text)
		if twice := CanonicalPolicy(once); twice != once {
			t.Errorf("got %q of %q, want it to stay %q", twice, text, once)
		}
		if json.Valid([]byte(text)) && !json.Valid([]byte(once)) {
			t.Errorf("got %q of the JSON %q, want JSON", once, text)
		}
	})
}

// A service may answer a document in another form: indented, with its lists of
// one written either way.
func TestCanonicalPolicyIsOneForReformattedDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := drawJSON(t, 3)
		plain, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		other, err := json.MarshalIndent(wrapped(t, value), " ", "\t")
		if err != nil {
			t.Fatal(err)
		}
		a, b := CanonicalPolicy(string(plain)), CanonicalPolicy(string(other))
		if a != b {
			t.Fatalf("got %s and %s, want one form of %s and %s", a, b, plain, other)
		}
		if again := CanonicalPolicy(a); again != a {
			t.Fatalf("got %s of %s, want it unchanged", again, a)
		}
	})
}

func drawJSON(t *rapid.T, depth int) any {
	word := rapid.SampledFrom([]string{"a", "b", "AWS", "*", "${account}", "123456789012", "<\u2028>"})
	switch n := rapid.IntRange(0, 5).Draw(t, "value"); {
	case n < 2 || depth == 0:
		return word.Draw(t, "text")
	case n == 2:
		return rapid.IntRange(-3, 3).Draw(t, "number")
	case n == 3:
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, drawJSON(t, depth-1))
		}
		return list
	}
	object := map[string]any{}
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		object[word.Draw(t, "key")] = drawJSON(t, depth-1)
	}
	return object
}

// wrapped returns the value with some elements written as lists of one.
func wrapped(t *rapid.T, value any) any {
	switch v := value.(type) {
	case map[string]any:
		m := map[string]any{}
		for k, x := range v {
			m[k] = x
		}
		value = m
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = wrapped(t, v[i])
		}
		value = list
	}
	if rapid.Bool().Draw(t, "wrap") {
		return []any{value}
	}
	return value
}

func TestAPlainPolicyIsTheDocumentThatEveryCheckLetsThrough(t *testing.T) {
	long := plainPolicy("GetCluster")
	for _, test := range []struct {
		name, text string
		odd        bool
	}{
		{"one action", plainPolicy("GetCluster"), false},
		{"white space around", " " + plainPolicy("GetCluster") + "\n", false},
		{"several actions", strings.Replace(long, `"dsql:GetCluster"`, `["dsql:DbConnect","dsql:DbConnectAdmin"]`, 1), false},
		{"a single statement without a list", strings.NewReplacer("[", "", "]", "").Replace(long), false},
		{"no action", strings.Replace(long, `"dsql:GetCluster"`, `[]`, 1), true},
		{"every action", plainPolicy("*"), true},
		{"an action of another service", strings.Replace(long, "dsql:", "s3:", 1), true},
		{"an action without its service", strings.Replace(long, "dsql:", "", 1), true},
		{"a denial", strings.Replace(long, "Allow", "Deny", 1), true},
		{"everybody", strings.Replace(long, `{"AWS":"arn:aws:iam::${account}:root"}`, `"*"`, 1), true},
		{"another account", strings.Replace(long, "${account}", "999988887777", 1), true},
		{"another account beside", strings.Replace(long, `:root"}`, `:root","Federated":"a"}`, 1), true},
		{"another resource", strings.Replace(long, `"Resource":"*"`, `"Resource":"a"`, 1), true},
		{"another version", strings.Replace(long, "2012-10-17", "2008-10-17", 1), true},
		{"a member more", strings.Replace(long, `{"Version"`, `{"Id":"a","Version"`, 1), true},
		{"a member more in the statement", strings.Replace(long, `{"Effect"`, `{"Sid":"a","Effect"`, 1), true},
		{"no statement", `{"Version":"2012-10-17","Statement":[]}`, true},
		{"a list of documents", "[" + long + "]", true},
		{"no JSON", long[1:], true},
		{"nothing", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := oddPolicy(test.text); got != test.odd {
				t.Errorf("got odd=%v, want %v: %s", got, test.odd, test.text)
			}
		})
	}
}

func TestAPolicyHasALength(t *testing.T) {
	for _, test := range []struct {
		name, text string
		bad        bool
	}{
		{"nothing is too short", "", true},
		{"one character is enough", "x", false},
		{"20480 characters fit", strings.Repeat("é", 20480), false},
		{"20481 characters do not", strings.Repeat("é", 20481), true},
		{"the account counts with its twelve digits", account + strings.Repeat("x", 20469), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := badPolicy(test.text); got != test.bad {
				t.Errorf("got bad=%v, want %v", got, test.bad)
			}
		})
	}
}

// policed returns a world of one ACTIVE cluster with that policy.
func policed(p Policy) World {
	return World{Env: NewEnv(), Clusters: []Cluster{{Handle: 1, Region: "us-east-1", Status: Active, Policy: p}}}
}

// verdict says how Step takes a reply: "allowed", the Should rule that every
// outcome which allows it breaks, or "forbidden".
func verdict(w World, op Op, r Reply) string {
	found := "forbidden"
	for _, o := range Step(w, op) {
		if !o.Match(w, op, r) {
			continue
		}
		if o.Breaks == "" {
			return "allowed"
		}
		found = string(o.Breaks)
	}
	return found
}

func TestPolicyCallsAreJudgedByTheirTables(t *testing.T) {
	a, b := plainPolicy("GetCluster"), plainPolicy("DbConnect")
	none := policed(Policy{})
	gone := policed(Policy{Text: CanonicalPolicy(a)})
	fresh := policed(attached(a, 0))
	known := policed(Policy{Given: true, Text: CanonicalPolicy(a), Version: 2})
	idle := known
	idle.Clusters = []Cluster{known.Clusters[0]}
	idle.Clusters[0].Status = Idle
	lagging := known
	lagging.Env = &Env{Lag: time.Minute}

	fading := policed(gone.Clusters[0].Policy)
	fading.Env = lagging.Env

	put := func(text string) PutClusterPolicy { return PutClusterPolicy{Ref: C(1), Policy: text} }
	expecting := func(e Expect) PutClusterPolicy { return PutClusterPolicy{Ref: C(1), Policy: b, Expect: e} }
	get, del := GetClusterPolicy{Ref: C(1)}, DeleteClusterPolicy{Ref: C(1)}
	version := func(n int) Reply { return Reply{Policy: Document{Version: n}} }
	shows := func(text string, n int) Reply {
		return Reply{Policy: Document{Text: CanonicalPolicy(text), Version: n}}
	}
	refused := func(c Code) Reply { return Reply{Code: c} }

	for _, test := range []struct {
		name  string
		world World
		op    Op
		reply Reply
		want  string
	}{
		{"an ACTIVE cluster takes a plain policy", none, put(a), version(1), "allowed"},
		{"an ACTIVE cluster refuses no plain policy", none, put(a), refused(Validation), "forbidden"},
		{"a put answers with a version", none, put(a), Reply{}, "forbidden"},
		{"an odd policy may be taken", none, put("{}"), version(1), "allowed"},
		{"an odd policy may be refused", none, put("{}"), refused(AccessDenied), "allowed"},
		{"an empty policy is refused", none, put(""), version(1), "forbidden"},
		{"a change has another version", known, put(b), version(2), "forbidden"},
		{"a change has a new version", known, put(b), version(3), "allowed"},
		{"the same again may keep its version", known, put(" " + a), version(2), "allowed"},
		{"an IDLE cluster may refuse a policy", idle, put(b), refused(Conflict), "allowed"},
		{"no cluster takes a policy", none, PutClusterPolicy{Ref: C(2), Policy: a}, version(1), "forbidden"},
		{"no cluster is not found", none, PutClusterPolicy{Ref: C(2), Policy: a}, refused(NotFound), "allowed"},
		{"another Region takes no policy", none, PutClusterPolicy{Ref: C(1), At: "us-east-2", Policy: a}, version(1), "forbidden"},
		{"a malformed token is refused", none, PutClusterPolicy{Ref: C(1), Policy: a, Token: Token{Literal: Some("a b")}}, version(1), "forbidden"},

		{"the expected version is replaced", known, expecting(Expect{Version: 2}), version(3), "allowed"},
		{"the expected version is refused only by mistake", known, expecting(Expect{Version: 2}), refused(Conflict), "DSQL-PPO-021"},
		{"another version is a conflict", known, expecting(Expect{Version: 1}), refused(Conflict), "allowed"},
		{"another version may be invalid (Q28)", known, expecting(Expect{Version: 1}), refused(Validation), "allowed"},
		{"another version is no missing cluster", known, expecting(Expect{Version: 1}), refused(NotFound), "DSQL-PPO-007"},
		{"another version is replaced only by mistake", known, expecting(Expect{Version: 1}), version(3), "DSQL-PPO-007"},
		{"a version that nobody was told may be any", fresh, expecting(Expect{Version: 1}), version(2), "allowed"},
		{"a version that nobody was told may be refused", fresh, expecting(Expect{Version: 1}), refused(Conflict), "allowed"},
		{"a text may be the version", known, expecting(Expect{Literal: Some("7")}), version(3), "allowed"},
		{"a text may be no version", known, expecting(Expect{Literal: Some("7")}), refused(Conflict), "allowed"},
		{"a version of no policy may be ignored", none, expecting(Expect{Version: 1}), version(1), "allowed"},
		{"a version of no policy may be refused", none, expecting(Expect{Version: 1}), refused(NotFound), "allowed"},
		{"a version that is not seen yet may be refused", lagging, expecting(Expect{Version: 2}), refused(Conflict), "allowed"},

		{"a read shows the policy and its version", known, get, shows(a, 2), "allowed"},
		{"a read shows no other policy", known, get, shows(b, 2), "forbidden"},
		{"a read shows no other version", known, get, shows(a, 1), "forbidden"},
		{"a read shows a version", known, get, Reply{Policy: Document{Text: CanonicalPolicy(a)}}, "forbidden"},
		{"a read shows a policy", known, get, version(2), "forbidden"},
		{"a version that nobody was told may be any in a read", fresh, get, shows(a, 5), "allowed"},
		{"a policy is found", known, get, refused(NotFound), "forbidden"},
		{"no policy is not found", none, get, refused(NotFound), "allowed"},
		{"no policy is nothing else", none, get, refused(Conflict), "DSQL-GPO-004"},
		{"a policy that nobody gave is odd", none, get, shows(b, 1), "DSQL-GPO-004"},
		{"what was deleted is not shown", gone, get, shows(a, 1), "forbidden"},
		{"an IDLE cluster may not be read", idle, get, refused(NotFound), "allowed"},
		{"an IDLE cluster shows no other policy", idle, get, shows(b, 2), "forbidden"},

		{"a policy can be deleted", known, del, version(2), "allowed"},
		{"another version is deleted only by mistake", known, del, version(3), "DSQL-POL-003"},
		{"a delete of a policy is not refused", known, del, refused(Conflict), "forbidden"},
		{"no policy cannot be deleted", none, del, refused(NotFound), "allowed"},
		{"no policy is deleted only by mistake", gone, del, version(3), "DSQL-DPO-005"},
		{"a delete of what is not expected is a conflict", known, DeleteClusterPolicy{Ref: C(1), Expect: Expect{Version: 1}}, refused(Conflict), "allowed"},
		{"a delete of what is not expected is a mistake", known, DeleteClusterPolicy{Ref: C(1), Expect: Expect{Version: 1}}, version(2), "DSQL-DPO-006"},
		{"a delete of what is expected is no conflict", known, DeleteClusterPolicy{Ref: C(1), Expect: Expect{Version: 2}}, refused(Conflict), "DSQL-DPO-021"},
		{"a policy that is not seen yet may not be found", lagging, del, refused(NotFound), "allowed"},
		{"a policy that is not seen to be gone may be deleted again", fading, del, version(2), "allowed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := verdict(test.world, test.op, test.reply); got != test.want {
				t.Errorf("%s answered %s: got %s, want %s", test.op, test.reply, got, test.want)
			}
		})
	}
}

// A repeated put counts once or twice: only where it counted does its answer
// tell the version of now.
func TestAPolicyCallRepeatedWithItsTokenCountsOnceOrTwice(t *testing.T) {
	b := NewBelief(NewEnv())
	b.Observe(CreateCluster{As: 1, Region: "us-east-1"}, Seen{Reply: Reply{Cluster: 1, Status: Creating, Protection: On}})
	at := func(s int) time.Duration { return time.Duration(s) * time.Second }
	b.Observe(GetCluster{Ref: C(1)}, Seen{Reply: Reply{Cluster: 1, Status: Active, Protection: On}, Sent: at(3), Answered: at(3)})
	one := PutClusterPolicy{Ref: C(1), Policy: plainPolicy("GetCluster"), Token: Token{Name: "t1"}}
	two := PutClusterPolicy{Ref: C(1), Policy: plainPolicy("DbConnect"), Token: Token{Name: "t2"}}
	for i, step := range []struct {
		op      Op
		version int
	}{{one, 1}, {two, 2}, {one, 1}} {
		e := b.Observe(step.op, Seen{Reply: Reply{Policy: Document{Version: step.version}}, Sent: at(4 + i), Answered: at(4 + i)})
		if !e.OK() {
			t.Fatalf("%s: got %s %v, want it explained", step.op, e.Broken, e.Suspect)
		}
	}
	for _, shown := range []Document{{Text: CanonicalPolicy(one.Policy), Version: 1}, {Text: CanonicalPolicy(two.Policy), Version: 2}} {
		e := *b
		e.groups = []*group{{states: b.groups[0].states}}
		if got := e.Observe(GetClusterPolicy{Ref: C(1)}, Seen{Reply: Reply{Policy: shown}, Sent: at(20), Answered: at(20)}); !got.OK() {
			t.Errorf("%s: got %s, want it explained", shown.Text, got.Broken)
		}
	}
	got := b.Observe(GetClusterPolicy{Ref: C(1)}, Seen{Reply: Reply{Policy: Document{Text: CanonicalPolicy(one.Policy), Version: 2}}, Sent: at(20), Answered: at(20)})
	if got.Broken != rulePolicyShown.ID {
		t.Errorf("the old policy with the new version: got %q, want %s", got.Broken, rulePolicyShown.ID)
	}
}

func TestTheMomentOfAPolicyIsNoPartOfAWorld(t *testing.T) {
	early, late := policed(attached("{}", 0)), policed(attached("{}", time.Minute))
	got := dedupe([]state{{World: early}, {World: late}})
	if len(got) != 1 || got[0].Clusters[0].Policy.At != time.Minute {
		t.Errorf("got %d worlds of %v, want one of the later moment", len(got), got[0].Clusters[0].Policy)
	}
}
