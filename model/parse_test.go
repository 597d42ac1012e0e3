package model

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestASequenceFileMayHoldCommentsBlanksAndAnyOrder(t *testing.T) {
	text := "# dsqlseq 1\r\n" +
		"#\n" +
		"# found on a Tuesday: see below\n" +
		"#seed:5\n" +
		"# regions: us-east-1,\"us-east-2\"\n" +
		"\n" +
		"  c1  =  create\tus-east-1 token=t1 witness=us-west-2 protection=on  \r\n" +
		"   # seed: not a header any more\n" +
		"delete c1 !retries !lost"
	want := Sequence{Seed: 5, Regions: []Region{"us-east-1", "us-east-2"}, Lines: []Line{
		{Op: CreateCluster{As: 1, Region: "us-east-1", Protection: On, Multi: &MultiRegion{Witness: Some("us-west-2")}, Token: Token{Name: "t1"}}},
		{Op: DeleteCluster{Ref: C(1)}, Lost: true, Retries: true},
	}}
	got, err := ParseSequence(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, exact); diff != "" {
		t.Errorf("sequence (-want +got):\n%s", diff)
	}
}

func TestALineThatIsNotInTheFormIsRefusedWithItsPlace(t *testing.T) {
	for _, test := range []struct {
		text   string
		column int
		msg    string // a part of the message
	}{
		{``, 1, `got the end of the line, want one of "c1 = create", get, list`},
		{`frob c1`, 1, `got "frob", want one of "c1 = create", get, list`},
		{`create us-east-1`, 1, `got create without a name, want "c1 = create"`},
		{`c1 create us-east-1`, 4, `got "create", want "="`},
		{`c1 = get us-east-1`, 6, `got "get", want one of create, create-linked, hostile`},
		{`c0 = create us-east-1`, 1, `got cluster "c0", want c1 to c999`},
		{`c1000 = create us-east-1`, 1, `got cluster "c1000", want c1 to c999`},
		{`c1 = create`, 12, `got the end of the line, want a Region`},
		{`c1 = create us*east`, 15, `got "*east", want a space`},
		{`c1 = create us-east-1 color=red`, 23, `got "color=red", want one of witness, peers, multi, protection, key, tags, policy, bypass, token`},
		{`c1 = create us-east-1 protection`, 23, `got protection without a value`},
		{`c1 = create us-east-1 protection=yes`, 34, `got protection "yes", want on or off`},
		{`c1 = create us-east-1 protection=on protection=on`, 37, `protection is given twice`},
		{`c1 = create us-east-1 key=`, 27, `got the end of the line, want a key`},
		{`c1 = create us-east-1 key="x`, 27, `does not end`},
		{`c1 = create us-east-1 key="\q"`, 27, `bad escape`},
		{`c1 = create us-east-1 key="a"b`, 30, `got "b", want a space`},
		{`c1 = create us-east-1 tags=a`, 29, `want = and a tag value`},
		{`c1 = create us-east-1 tags=a=b,a=c`, 32, `tag "a" is given twice`},
		{`c1 = create us-east-1 multi={} peers=c2`, 38, `multi={} beside witness or peers`},
		{`c1 = create us-east-1 witness=x multi={}`, 39, `multi={} beside witness or peers`},
		{`c1 = create us-east-1 multi=x`, 29, `got "x", want {}`},
		{`c1 = create us-east-1 peers=c1,c2,c3,c4,c5`, 41, `got more than 3 other clusters`},
		{`update c1 peers=c2,c3,c4,c5`, 26, `got more than 3 other clusters`},
		{`update c1 peers=c2,c0`, 20, `got cluster "c0", want c1 to c999`},
		{`update c1 peers=c2,`, 20, `got cluster the end of the line`},
		{`get x1`, 5, `got cluster "x1", want c1 to c999 or an identifier in quotes`},
		{`get c01`, 5, `got cluster "c01"`},
		{`get c1"x"`, 5, `got a cluster and an identifier`},
		{`get c1 us-east-1`, 8, `got "us-east-1", want one of !lost, !twice, !retries, !by`},
		{`get c1 @""`, 8, `got an empty Region`},
		{`list us-east-1 max=0`, 20, `got max "0", want a number from 1`},
		{`list us-east-1 max=-1`, 20, `got max "-1", want a number from 1`},
		{`delete c1 token=`, 17, `got token the end of the line, want t1, t2`},
		{`delete c1 token=abc`, 17, `got token "abc", want t1, t2`},
		{`delete c1 token=t1:129`, 20, `got length "129", want a number from 1 to 128`},
		{`delete c1 token=t1"x"`, 19, `want a space`},
		{`tag c1`, 7, `want a tag key`},
		{`untag c1 a,`, 12, `want a tag key`},
		{`await c1 ACTIV`, 10, `got status "ACTIV", want one of CREATING, ACTIVE`},
		{`await c1`, 9, `got status ""`},
		{`wait -3s`, 6, `got duration "-3s", want one like 3s`},
		{`wait 3`, 6, `got duration "3", want one like 3s`},
		{`raw us-east-1 POST cluster`, 20, `got path "cluster", want one that begins with /`},
		{`raw us-east-1 POST /a"b`, 20, `got path "/a\"b"`},
		{`get c1 !lost !lost`, 14, `!lost is given twice`},
		{`get c1 !lots`, 8, `got "!lots", want one of !lost, !twice, !retries, !by`},
		{`get c1 !lost token=t1`, 14, `want one of !lost, !twice, !retries, !by`},
		{`s1 = create us-east-1`, 6, `got "create", want one of create-stream`},
		{`c1 = create-stream c1`, 6, `got "create-stream", want one of create, create-linked, hostile`},
		{`create-stream c1`, 1, `got create-stream without a name, want "s1 = create-stream"`},
		{`s0 = create-stream c1`, 1, `got stream "s0", want s1 to s999`},
		{`c1,c2 = create us-east-1`, 9, `got "create", want one of create-linked`},
		{`c1,c1 = create-linked us-east-1 regions=a,b`, 4, `c1 is named twice`},
		{`c1,c2 = create-linked us-east-1 regions=a`, 33, `got 2 clusters and 1 regions`},
		{`c1,c2 = create-linked us-east-1`, 32, `got 2 clusters and 0 regions`},
		{`delete-linked us-east-1 c1,c2,c3,c4`, 34, `got more than 3 other clusters`},
		{`get c1/s1`, 7, `got "/s1", want a space`},
		{`get-stream c1`, 14, `got the end of the line, want / and a stream`},
		{`get-stream c1/s1000`, 15, `got stream "s1000", want s1 to s999`},
		{`get-stream c1/s1"x"`, 15, `got a stream and an identifier`},
		{`get-stream c1/`, 15, `got stream the end of the line`},
		{`tag c1/x k=v`, 8, `got stream "x"`},
		{`await c1/s1 IDLE`, 13, `got stream status "IDLE", want one of`},
		{`await c1/"" IMPAIRED`, 13, `got status "IMPAIRED", want one of`},
		{`put-policy c1`, 14, `want a policy`},
		{`put-policy c1 {}`, 15, `got "{}", want a policy, plain or in quotes`},
		{`put-policy c1 "" bypass=maybe`, 25, `got bypass "maybe", want on or off`},
		{`delete-policy c1 expect=2`, 25, `got policy version "2", want v1, v2`},
		{`delete-policy c1 expect=v0`, 26, `got policy version "0", want a number`},
		{`hostile us-east-1 GetCluster - unsigned x1`, 41, `got "x1", want one of !lost`},
		{`hostile us-east-1 GetCluster -`, 31, `want a fault`},
		{`get c1 !by`, 8, `got !by without a value`},
		{`get c1 !by=`, 12, `want a principal`},
		{`get c1 !by=""`, 12, `got an empty principal`},
		{`get c1 !lost=1`, 8, `got a value for !lost, want none`},
		{"get \"\xff\"", 6, `got a byte that is not UTF-8, want the escape "\xff"`},
	} {
		_, err := ParseLine(test.text)
		checkSyntaxError(t, test.text, err, 1, test.column, test.msg)
	}
}

func TestASequenceThatIsNotInTheFormIsRefusedWithItsPlace(t *testing.T) {
	for _, test := range []struct {
		text         string
		line, column int
		msg          string
	}{
		{"", 1, 1, `got the end of the line, want "# dsqlseq 1"`},
		{"# dsqlseq 2\n", 1, 1, `want "# dsqlseq 1"`},
		{"get c1\n", 1, 1, `want "# dsqlseq 1"`},
		{"# dsqlseq 1\n# seed: x\n", 2, 9, `got seed "x", want a whole number`},
		{"# dsqlseq 1\n# seed: 1\n# seed: 1\n", 3, 3, `seed is given twice`},
		{"# dsqlseq 1\n# profile: my profile\n", 2, 15, `got "profile", want the end of the line`},
		{"# dsqlseq 1\n# regions: us-east-1,\n", 2, 22, `want a Region`},
		{"# dsqlseq 1\n\nawait c1 ACTIV\n", 3, 10, `got status "ACTIV", want one of`},
		{"# dsqlseq 1\nc1 = create us-east-1\n  c1 = create us-east-2\n", 3, 3, `c1 is created twice`},
		{"# dsqlseq 1\nc1 = create us-east-1\nc2,c1 = create-linked us-east-1 regions=a,b\n", 3, 1, `c1 is created twice`},
		{"# dsqlseq 1\ns1 = create-stream c1\ns1 = create-stream c2\n", 3, 1, `s1 is created twice`},
		{"# dsqlseq 1\nc1 = hostile us-east-1 CreateCluster - unsigned\nc1 = create us-east-1\n", 3, 1, `c1 is created twice`},
		{"# dsqlseq 1\nhostile us-east-1 CreateStream - unsigned c1/s1\ns1 = create-stream c1\n", 3, 1, `s1 is created twice`},
	} {
		_, err := ParseSequence(test.text)
		checkSyntaxError(t, test.text, err, test.line, test.column, test.msg)
	}
}

func TestAReplyThatIsNotInTheFormIsRefusedWithItsPlace(t *testing.T) {
	for _, test := range []struct {
		text   string
		column int
		msg    string
	}{
		{``, 1, `got the end of the line, want ok, lost, other or the name of an error`},
		{`Validation`, 1, `got "Validation", want ok, lost, other`},
		{`lost c1`, 6, `got "c1", want the end of the line`},
		{`other status=x`, 7, `got "status=x", want one of reason`},
		{`ok c0`, 4, `got cluster "c0"`},
		{`ok c1 ACTIV`, 7, `got status "ACTIV", want one of CREATING`},
		{`ok ACTIVE c1`, 11, `got "c1", want one of changed`},
		{`ok multi=x`, 4, `got a value for multi, want none`},
		{`ok list`, 4, `got list without a value`},
		{`ok list=c1,c1`, 12, `c1 is named twice`},
		{`ok twice=[]`, 10, `got cluster "[]"`},
		{`ok s1 IDLE`, 7, `got stream status "IDLE"`},
		{`ok s1 c1`, 7, `got "c1", want one of changed`},
		{`ok encryption=ENABLED`, 15, `got encryption type "ENABLED", want one of AWS_OWNED`},
		{`ok encryption=AWS_OWNED_KMS_KEY`, 32, `want / and the status`},
		{`ok encryption=/`, 16, `got neither type nor status`},
		{`ok encryption=/ON`, 16, `got encryption status "ON"`},
		{`ok version=2`, 12, `got policy version "2", want v1`},
		{`ok streams=s1,s1:ACTIVE`, 15, `s1 is named twice`},
		{`ok streams=s1:`, 15, `got stream status ""`},
		{`ok streams-twice=[]`, 18, `got stream "[]"`},
		{`ok reason=x`, 4, `got a value for reason, want none`},
		{`ok changed=`, 12, `want the members that changed`},
		{`ok c1 !lost`, 7, `got "!lost", want the end of the line`},
	} {
		_, err := ParseReply(test.text)
		checkSyntaxError(t, test.text, err, 1, test.column, test.msg)
	}
}

func checkSyntaxError(t *testing.T, text string, err error, line, column int, msg string) {
	t.Helper()
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		t.Errorf("%q: got error %v, want a SyntaxError", text, err)
		return
	}
	if syntax.Line != line || syntax.Column != column || !strings.Contains(syntax.Msg, msg) {
		t.Errorf("%q:\ngot  %v\nwant line %d, column %d: … %s …", text, err, line, column, msg)
	}
}

func TestAReplyIsNormalisedWhenRead(t *testing.T) {
	for text, want := range map[string]Reply{
		"  ok\tlist=c2,unknown,c1 ":           {Listed: []Handle{1, 2, Unknown}},
		"ok tags={}":                          {},
		"ok clusters=c2,c1 witness=us-west-2": {Multi: true, Witness: Some("us-west-2"), Members: []Handle{1, 2}},
		"ok multi witness=us-west-2":          {Multi: true, Witness: Some("us-west-2")},
		"ok tags=b=1,a=2 protection=off":      {Protection: Off, Tags: NewTags(map[string]string{"a": "2", "b": "1"})},
		"ok none ACTIVE":                      {Status: Active},
		"ok c1 none":                          {Cluster: 1},
		"ok streams=s2:DELETING,unknown,s1:ACTIVE": {Stream: StreamReply{Listed: []StreamHandle{1, 2, UnknownStream},
			Shown: []StreamStatus{StreamActive, StreamDeleting, NoStream}}},
		`ok policy=""`:                         {},
		`ConflictException reason="two words"`: {Code: Conflict, Reason: "two words"},
	} {
		got, err := ParseReply(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, got, exact); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzParseSequence(f *testing.F) {
	for _, form := range lineForms {
		f.Add(magic + "\n# seed: 7\n# regions: us-east-1,\"\"\n" + form.text + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := ParseSequence(text)
		if err != nil {
			checkPlace(t, strings.Split(text, "\n"), err)
			return
		}
		again, err := ParseSequence(first.String())
		if err != nil {
			t.Fatalf("%q prints as %q: %v", text, first, err)
		}
		if diff := cmp.Diff(first, again, exact); diff != "" {
			t.Errorf("%q prints as %q (-first +again):\n%s", text, first, diff)
		}
	})
}

func FuzzParseReply(f *testing.F) {
	for _, form := range replyForms {
		f.Add(form.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := ParseReply(text)
		if err != nil {
			checkPlace(t, []string{text}, err)
			return
		}
		again, err := ParseReply(first.String())
		if err != nil {
			t.Fatalf("%q prints as %q: %v", text, first, err)
		}
		if diff := cmp.Diff(first, again, exact); diff != "" {
			t.Errorf("%q prints as %q (-first +again):\n%s", text, first, diff)
		}
	})
}

// checkPlace demands that a syntax error lies within a line, or just after its
// end.
func checkPlace(t *testing.T, lines []string, err error) {
	t.Helper()
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("%q: got error %v, want a SyntaxError", lines, err)
	}
	if syntax.Line < 1 || syntax.Line > len(lines) || syntax.Column < 1 || syntax.Column > len(lines[syntax.Line-1])+1 {
		t.Errorf("%q: %v: got a place outside the text", lines, err)
	}
}
