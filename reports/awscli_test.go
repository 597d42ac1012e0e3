package reports

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dsqlconform/model"
)

// bash returns the path of bash, and skips the test where there is none. In CI
// there is one.
func bash(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("bash")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no bash")
	}
	return path
}

func scriptOf(t testing.TB, s model.Sequence) string {
	t.Helper()
	var b strings.Builder
	if err := Script(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestBashAcceptsEveryScript(t *testing.T) {
	shell := bash(t)
	rapid.Check(t, func(t *rapid.T) {
		var script bytes.Buffer
		if err := Script(&script, sequence().Draw(t, "sequence")); err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(script.Bytes(), 0) >= 0 {
			t.Fatal("got a NUL in the script")
		}
		text := script.String()
		cmd := exec.Command(shell, "-n")
		cmd.Stdin = &script
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Fatalf("bash -n: %v: %s\n%s", err, out, text)
		}
	})
}

// fake is a program that records its arguments, as a count and then each ended
// by NUL, its standard input if it is curl, and answers as the AWS CLI would.
const fake = `#!/usr/bin/env bash
{
  printf '%s\0' "$(($# + 1))" "${0##*/}" "$@"
} >>"$CALLS"
[ -z "${CALLERS-}" ] || echo "$AWS_ACCESS_KEY_ID" >>"$CALLERS"
case " $* " in
*" create-cluster "*) n=$(cat "$COUNT" 2>/dev/null || echo 0); n=$((n + 1)); echo "$n" >"$COUNT"
  case " $* " in
  *" [identifier,arn] "*) printf 'id%s\tarn:aws:dsql:R:111122223333:cluster/id%s\n' "$n" "$n" ;;
  *) echo "id$n" ;;
  esac ;;
*" create-stream "*) echo stream1 ;;
*"-cluster-policy "*) n=$(cat "$COUNT.v" 2>/dev/null || echo 0); n=$((n + 1)); echo "$n" >"$COUNT.v"
  printf '{\n    "policy": "{}",\n    "policyVersion": "version%s"\n}\n' "$n" ;;
*" POST "*"/multi-region-clusters "*)
  echo 'HTTP/1.1 200 OK'
  echo '{"linkedClusterArns":["arn:aws:dsql:us-east-2:123456789012:cluster/idb","arn:aws:dsql:us-east-1:123456789012:cluster/ida"]}' ;;
*" --query status "*) echo ACTIVE ;;
*" --query endpoint "*) echo host.example ;;
*" generate-db-connect-admin-auth-token "*) echo secret ;;
*" --data-binary "*) cat >"$BODY" ;;
esac
`

// The ARNs that the fake answers.
const (
	arn1 = "arn:aws:dsql:R:111122223333:cluster/id1"
	arn2 = "arn:aws:dsql:R:111122223333:cluster/id2"
)

// runScript runs a script with fakes in place of the programs that it needs and
// returns their calls and the body that curl was given.
func runScript(t *testing.T, s model.Sequence, env ...string) (calls [][]string, body string) {
	t.Helper()
	shell, dir := bash(t), t.TempDir()
	work := filepath.Join(dir, "work")
	if err := os.Mkdir(work, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"aws", "curl", "psql", "sleep"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(fake), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(shell)
	cmd.Dir = work
	cmd.Stdin = strings.NewReader(scriptOf(t, s))
	cmd.Env = []string{
		"PATH=" + dir + ":" + os.Getenv("PATH"), "ENDPOINT=http://REGION.example", "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret",
		"CALLS=" + filepath.Join(dir, "calls"), "COUNT=" + filepath.Join(dir, "count"), "BODY=" + filepath.Join(dir, "body"),
	}
	cmd.Env = append(cmd.Env, env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the script fails: %v\n%s\n%s", err, out, scriptOf(t, s))
	}
	if left, _ := os.ReadDir(work); len(left) > 0 {
		t.Fatalf("the script left %s behind: a text of the sequence was run\n%s", left[0].Name(), scriptOf(t, s))
	}
	text, _ := os.ReadFile(filepath.Join(dir, "calls"))
	words := strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00")
	for len(words) > 1 {
		n, err := strconv.Atoi(words[0])
		if err != nil || n >= len(words) {
			t.Fatalf("got a record of %q calls, want a count", words[0])
		}
		calls = append(calls, words[1:n+1])
		words = words[n+1:]
	}
	bytes, _ := os.ReadFile(filepath.Join(dir, "body"))
	return calls, string(bytes)
}

// madeUp matches an identifier that the script made up.
var madeUp = regexp.MustCompile(`[a-z]{26}$`)

// awsCall returns the arguments that a call of the AWS CLI begins with.
func awsCall(region, command string, more ...string) []string {
	return append([]string{"aws", "dsql", command, "--endpoint-url", "http://REGION.example", "--region", region}, more...)
}

func TestAScriptMakesTheCallsOfItsSequence(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  [][]string
	}{
		{
			"an identifier is used as it was answered",
			[]string{"c1 = create us-east-1 protection=off", "get c1", "delete c1"},
			[][]string{
				awsCall("us-east-1", "create-cluster", "--no-deletion-protection-enabled", "--query", "identifier", "--output", "text"),
				awsCall("us-east-1", "get-cluster", "--identifier", "id1"),
				awsCall("us-east-1", "delete-cluster", "--identifier", "id1"),
			},
		},
		{
			"an ARN is used as it was answered",
			[]string{"c1 = create us-east-1 tags=k=v", "tag c1 a=b", "untag c1 a,b", "tags c1"},
			[][]string{
				awsCall("us-east-1", "create-cluster", "--tags", `{"k":"v"}`, "--query", "[identifier,arn]", "--output", "text"),
				awsCall("us-east-1", "tag-resource", "--resource-arn", arn1, "--tags", `{"a":"b"}`),
				awsCall("us-east-1", "untag-resource", "--resource-arn", arn1, "--tag-keys", `["a","b"]`),
				awsCall("us-east-1", "list-tags-for-resource", "--resource-arn", arn1),
			},
		},
		{
			"a lost create leaves its handle unbound",
			[]string{"c1 = create us-east-1 !lost", "vpc c1"},
			[][]string{
				awsCall("us-east-1", "create-cluster"),
				awsCall("us-east-1", "get-vpc-endpoint-service-name", "--identifier", "26 letters"),
			},
		},
		{
			"a listing asks for all pages, or for the page named",
			[]string{"list us-east-1", "list us-east-1 max=2", `list us-east-1 max=2 next="p q"`},
			[][]string{
				awsCall("us-east-1", "list-clusters"),
				awsCall("us-east-1", "list-clusters", "--page-size", "2"),
				awsCall("us-east-1", "list-clusters", "--max-results", "2", "--next-token", "p q"),
			},
		},
		{
			"an await polls, a wait sleeps, a connect connects",
			[]string{"c1 = create us-east-1", "await c1 ACTIVE", "wait 1.5s", "connect c1"},
			[][]string{
				awsCall("us-east-1", "create-cluster", "--query", "identifier", "--output", "text"),
				awsCall("us-east-1", "get-cluster", "--identifier", "id1", "--query", "status", "--output", "text"),
				{"sleep", "1.5"},
				awsCall("us-east-1", "get-cluster", "--identifier", "id1", "--query", "endpoint", "--output", "text"),
				{"aws", "dsql", "generate-db-connect-admin-auth-token", "--hostname", "host.example", "--region", "us-east-1"},
				{"psql", "--host", "host.example", "--username", "admin", "--dbname", "postgres", "--command", "select 1"},
			},
		},
		{
			"a new policy is given, and the version that one answers is expected",
			[]string{
				"c1 = create us-east-1", `put-policy c1 "{}" bypass=on`, "get-policy c1", `put-policy c1 "[]" expect=v2 !lost`,
				"delete-policy c1 expect=v1", "delete-policy c1 expect=v9", `delete-policy c1 expect="x y"`,
			},
			[][]string{
				awsCall("us-east-1", "create-cluster", "--query", "identifier", "--output", "text"),
				awsCall("us-east-1", "put-cluster-policy", "--identifier", "id1", "--policy", "{}", "--bypass-policy-lockout-safety-check", "--output", "json"),
				awsCall("us-east-1", "get-cluster-policy", "--identifier", "id1", "--output", "json"),
				awsCall("us-east-1", "put-cluster-policy", "--identifier", "id1", "--policy", "[]", "--expected-policy-version", "version2"),
				awsCall("us-east-1", "delete-cluster-policy", "--identifier", "id1", "--expected-policy-version", "version1", "--output", "json"),
				awsCall("us-east-1", "delete-cluster-policy", "--identifier", "id1", "--expected-policy-version", "unanswered", "--output", "json"),
				awsCall("us-east-1", "delete-cluster-policy", "--identifier", "id1", "--expected-policy-version", "x y", "--output", "json"),
			},
		},
		{
			"a policy and a stream name the account of the clusters",
			[]string{
				`c1 = create us-east-1 key=alias/k policy="${account}" bypass=off`, `put-policy c1 "a ${account} ${region} b"`,
				"update c1 key=AWS_OWNED_KMS_KEY", `s1 = create-stream c1 role="arn:${account}" tags=a=b`,
			},
			[][]string{
				awsCall("us-east-1", "create-cluster", "--kms-encryption-key", "alias/k", "--policy", "123456789012", "--no-bypass-policy-lockout-safety-check", "--query", "[identifier,arn]", "--output", "text"),
				awsCall("us-east-1", "put-cluster-policy", "--identifier", "id1", "--policy", "a 111122223333 us-east-1 b"),
				awsCall("us-east-1", "update-cluster", "--identifier", "id1", "--kms-encryption-key", "AWS_OWNED_KMS_KEY"),
				awsCall("us-east-1", "create-stream", "--cluster-identifier", "id1", "--target-definition",
					`{"kinesis":{"streamArn":"arn:aws:kinesis:us-east-1:111122223333:stream/dsqlconform","roleArn":"arn:111122223333"}}`,
					"--ordering", "UNORDERED", "--format", "JSON", "--tags", `{"a":"b"}`, "--query", "streamIdentifier", "--output", "text"),
			},
		},
		{
			"a stream is used as it was answered",
			[]string{
				"c1 = create us-east-1", `s1 = create-stream c1 kinesis=k role=r ordering="" format=X`, "await c1/s1 ACTIVE", "get-stream c1/s1", "list-streams c1 max=2",
				"tag c1/s1 a=b", "untag c1/s1 a", "tags c1/s2", "delete-stream c1/s1",
			},
			[][]string{
				awsCall("us-east-1", "create-cluster", "--query", "[identifier,arn]", "--output", "text"),
				awsCall("us-east-1", "create-stream", "--cluster-identifier", "id1", "--target-definition", `{"kinesis":{"streamArn":"k","roleArn":"r"}}`,
					"--ordering", "", "--format", "X", "--query", "streamIdentifier", "--output", "text"),
				awsCall("us-east-1", "get-stream", "--cluster-identifier", "id1", "--stream-identifier", "stream1", "--query", "status", "--output", "text"),
				awsCall("us-east-1", "get-stream", "--cluster-identifier", "id1", "--stream-identifier", "stream1"),
				awsCall("us-east-1", "list-streams", "--cluster-identifier", "id1", "--page-size", "2"),
				awsCall("us-east-1", "tag-resource", "--resource-arn", arn1+"/stream/stream1", "--tags", `{"a":"b"}`),
				awsCall("us-east-1", "untag-resource", "--resource-arn", arn1+"/stream/stream1", "--tag-keys", `["a"]`),
				awsCall("us-east-1", "list-tags-for-resource", "--resource-arn", arn1+"/stream/26 letters"),
				awsCall("us-east-1", "delete-stream", "--cluster-identifier", "id1", "--stream-identifier", "stream1"),
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _ := runScript(t, parse(t, c.lines...))
			for _, call := range got {
				for i, arg := range call {
					call[i] = madeUp.ReplaceAllString(strings.Replace(arg, "http://us-east-1.example", "http://REGION.example", 1), "26 letters")
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// argument returns the value of an option of a call.
func argument(t *testing.T, call []string, option string) string {
	t.Helper()
	for i, arg := range call {
		if arg == option && i+1 < len(call) {
			return call[i+1]
		}
	}
	t.Fatalf("got call %q, want the option %s", call, option)
	return ""
}

func TestAScriptUsesTokensAsTheSequenceDoes(t *testing.T) {
	calls, _ := runScript(t, parse(t,
		"c1 = create us-east-1 token=t1 !twice", "delete c1 token=t1~", "delete c1 token=t1:128", "delete c1 !twice", `delete c1 token="x y"`))
	var got []string
	for _, call := range calls {
		got = append(got, argument(t, call, "--client-token"))
	}
	if len(got) != 7 {
		t.Fatalf("got %d calls, want 7", len(got))
	}
	if got[0] != got[1] || len(got[0]) != 36 {
		t.Errorf("sent twice: got tokens %q and %q, want one of 36 characters", got[0], got[1])
	}
	if got[2] == got[0] || !strings.EqualFold(got[2], got[0]) {
		t.Errorf("near miss: got %q, want %q but for the case", got[2], got[0])
	}
	if len(got[3]) != 128 {
		t.Errorf("got a token of %d characters, want 128", len(got[3]))
	}
	if got[4] != got[5] || got[4] == got[0] {
		t.Errorf("sent twice without a token: got %q and %q, want one new token", got[4], got[5])
	}
	if got[6] != "x y" {
		t.Errorf("literal token: got %q, want %q", got[6], "x y")
	}
}

func TestAScriptAsksEachRegionAtItsEndpoint(t *testing.T) {
	calls, _ := runScript(t, parse(t,
		"c1 = create us-east-1 witness=us-west-2", "c2 = create us-east-2 witness=us-west-2 peers=c1", "update c1 witness=us-west-2 peers=c2", "get c1 @us-east-2"))
	want := [][]string{
		{"http://us-east-1.example", "us-east-1", `{"witnessRegion":"us-west-2"}`},
		{"http://us-east-2.example", "us-east-2", `{"witnessRegion":"us-west-2","clusters":["` + arn1 + `"]}`},
		{"http://us-east-1.example", "us-east-1", `{"witnessRegion":"us-west-2","clusters":["` + arn2 + `"]}`},
		{"http://us-east-2.example", "us-east-2"},
	}
	var got [][]string
	for i, call := range calls {
		row := []string{argument(t, call, "--endpoint-url"), argument(t, call, "--region")}
		if i < 3 {
			row = append(row, argument(t, call, "--multi-region-properties"))
		}
		got = append(got, row)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestAScriptUsesTheClustersOfARetiredCreate(t *testing.T) {
	calls, _ := runScript(t, parse(t,
		"c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2 protection=off token=t1",
		"get c2", "delete-linked us-east-1 c1,c2", `delete-linked us-east-1 [] token="x y"`))
	if len(calls) != 4 {
		t.Fatalf("got %d calls, want 4", len(calls))
	}
	body := regexp.MustCompile(`"[a-z]{36}"}$`).ReplaceAllString(argument(t, calls[0], "--data-binary"), `"token"}`)
	if want := `{"linkedRegionList":["us-east-1","us-east-2"],"witnessRegion":"us-west-2","clusterProperties":` +
		`{"us-east-1":{"deletionProtectionEnabled":false},"us-east-2":{"deletionProtectionEnabled":false}},"clientToken":"token"}`; body != want {
		t.Errorf("got body %s, want %s", body, want)
	}
	if got := argument(t, calls[1], "--identifier"); got != "idb" {
		t.Errorf("got identifier %q of the second cluster, want that of its Region, idb", got)
	}
	const path = `^http://us-east-1\.example/multi-region-clusters\?client-token=`
	for i, want := range []string{
		path + `[a-z]{36}&linked-cluster-arns=arn%3Aaws%3Adsql%3Aus-east-1%3A123456789012%3Acluster%2Fida` +
			`&linked-cluster-arns=arn%3Aaws%3Adsql%3Aus-east-2%3A123456789012%3Acluster%2Fidb$`,
		path + `x%20y$`,
	} {
		if got := argument(t, calls[2+i], "--url"); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("got URL %q, want one that matches %s", got, want)
		}
	}
}

func TestAScriptCallsWithTheKeysOfPrincipals(t *testing.T) {
	s := parse(t, "c1 = create us-east-1 !by=re-ader", "get c1", `s1 = create-stream c1 !by="re ader"`,
		`raw us-east-1 POST /x body="{" !by=re-ader`, "hostile us-east-1 GetCluster - signature c1 !by=re-ader", "await c1 ACTIVE")
	callers := filepath.Join(t.TempDir(), "callers")
	runScript(t, s, "CALLERS="+callers, "KEY_OF_RE_ADER=one", "SECRET_OF_RE_ADER=s", "KEY_OF_RE_ADER_1=two", "SECRET_OF_RE_ADER_1=s", "SESSION_OF_RE_ADER_1=s")
	got, err := os.ReadFile(callers)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"one", "key", "two", "one", "one", "key"}, strings.Fields(string(got))); diff != "" {
		t.Errorf("callers (-want +got):\n%s", diff)
	}
	for _, name := range []string{"re-ader", "re ader"} {
		if !strings.Contains(scriptOf(t, s), "# "+name+"\n") {
			t.Errorf("the script does not say whose keys are those of %q", name)
		}
	}
}

// A value that is too short is what the CLI checks itself, unless it is told not to.
func TestAScriptSendsWhatIsTooShort(t *testing.T) {
	for line, unchecked := range map[string]bool{
		`c1 = create us-east-1 token=""`:         true,
		`get ""`:                                 true,
		`tag c1 ""=v`:                            true,
		`tag c1 k=""`:                            true, // which is long enough, but does no harm
		`untag c1 k,""`:                          true,
		`c1 = create us-east-1 key="" policy=""`: true,
		`c1 = create us-east-1 token=t1 tags=k=v policy=ab`: false,
		`get c1`: false,
	} {
		if got := strings.Contains(scriptOf(t, parse(t, line)), "unchecked aws"); got != unchecked {
			t.Errorf("%s: got unchecked %t, want %t", line, got, unchecked)
		}
	}
}

// A hostile text reaches the program as one argument, as it is, and nothing in
// it runs. What the CLI would take for an option or a file goes in JSON.
func TestHostileTextsReachTheProgramAsTheyAre(t *testing.T) {
	bash(t)
	for _, text := range []string{
		"$(touch pwned)", "`touch pwned`", "'; touch pwned; '", `"; touch pwned; "`, "a\ntouch pwned", "\\", "!!", "~", "*", "a b", "{a,b}", "",
		"\x01\x7f", "é\u202e", "-x", "--region", "file:///etc/passwd", "fileb:///etc/passwd", "http://evil/", "https://evil/", "a\x00b", "'", "$'x'", "\xff",
	} {
		s := model.Sequence{Lines: []model.Line{
			{Op: model.UpdateCluster{Ref: model.Ref{Literal: text}, Key: model.Some(text), Token: model.Token{Literal: model.Some(text)}}},
			{Op: model.TagResource{Ref: model.C(1), Tags: model.NewTags(map[string]string{text: text})}},
			{Op: model.Raw{Region: "us-east-1", Method: "POST", Path: "/x", Type: model.Some("a/b"), Body: model.Some(text)}},
		}}
		calls, body := runScript(t, s)
		if len(calls) != 3 {
			t.Errorf("%q: got %d calls, want 3", text, len(calls))
			continue
		}
		got := map[string]string{}
		for i := 7; i+1 < len(calls[0]); i += 2 {
			got[calls[0][i]] = calls[0][i+1]
		}
		want := map[string]string{"--identifier": text, "--kms-encryption-key": text, "--client-token": text}
		if input, ok := got["--cli-input-json"]; ok {
			var members map[string]string
			if err := json.Unmarshal([]byte(input), &members); err != nil {
				t.Errorf("%q: %v", text, err)
			}
			got = members
			text := strings.ToValidUTF8(text, "\uFFFD") // JSON holds no other
			want = map[string]string{"identifier": text, "kmsEncryptionKey": text, "clientToken": text}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		for _, arg := range calls[0][7:] {
			if hazard.MatchString(arg) && !strings.HasPrefix(arg, "--") {
				t.Errorf("%q: got the argument %q, want it in JSON", text, arg)
			}
		}
		if body != text {
			t.Errorf("body: got %q, want %q", body, text)
		}
		if tags := argument(t, calls[1], "--tags"); tags != jsonText(map[string]string{text: text}) {
			t.Errorf("tags: got %q, want %q as JSON", tags, text)
		}
	}
}

// The signature of a request must not reach another host than the endpoint's.
func TestARawPathCannotNameAnotherHost(t *testing.T) {
	for _, path := range []string{"@evil.example/", ".evil.example", "", ":1/"} {
		calls, _ := runScript(t, model.Sequence{Lines: []model.Line{{Op: model.Raw{Region: "us-east-1", Method: "GET", Path: path}}}})
		if len(calls) != 0 {
			t.Errorf("path %q: got call %q, want none", path, calls[0])
		}
	}
}

func TestEveryOperationHasACommand(t *testing.T) {
	seen := map[string]bool{}
	for seed := range 1000 {
		op := operation().Example(seed)
		seen[op.Name()] = true
		if strings.Contains(scriptOf(t, model.Sequence{Lines: []model.Line{{Op: op}}}), "no such call") {
			t.Errorf("%s has no command", op.Name())
		}
	}
	for _, o := range model.Operations {
		if !seen[o.Name] {
			t.Errorf("no %s was drawn", o.Name)
		}
	}
}
