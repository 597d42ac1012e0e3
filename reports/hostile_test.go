package reports

import (
	"slices"
	"strings"
	"testing"

	"dsqlconform/model"
)

// hostileLines is a create and each hostile request that is wanted.
func hostileLines(wanted func(model.Hostile) bool) (lines []model.Line, ops []model.Hostile) {
	lines = []model.Line{{Op: model.CreateCluster{As: 1, Region: "us-east-1"}}}
	for _, op := range model.Hostiles(model.Current) {
		if !wanted(op) {
			continue
		}
		op.Region, op.Ref = "us-east-1", model.C(1)
		if strings.Contains(op.Operation, "Stream") {
			op.Stream = model.StreamRef{Handle: 1}
		}
		lines = append(lines, model.Line{Op: op})
		ops = append(ops, op)
	}
	return lines, ops
}

func TestTheScriptSendsEachHostileRequest(t *testing.T) {
	lines, ops := hostileLines(func(op model.Hostile) bool {
		// One with a stream, one with an ARN and a query, one with a body.
		return slices.Contains([]string{"GetStream", "UntagResource", "UpdateCluster"}, op.Operation)
	})
	calls, _ := runScript(t, model.Sequence{Lines: lines})
	calls = slices.DeleteFunc(calls, func(call []string) bool { return call[0] != "curl" })
	if len(calls) != len(ops) {
		t.Fatalf("got %d calls of curl, want %d", len(calls), len(ops))
	}
	names := model.HTTPNames{Identifier: "id1", ARN: arn1, Stream: namedStream}
	for i, op := range ops {
		shape, _ := model.LookupShape(model.Current, op.Operation)
		r, err := op.Request(shape, names)
		if err != nil {
			t.Fatal(err)
		}
		argument := func(option string) string {
			if at := slices.Index(calls[i], option); at >= 0 {
				return calls[i][at+1]
			}
			return ""
		}
		if got := argument("--request"); got != r.Method {
			t.Errorf("%s: got method %q, want %q", op, got, r.Method)
		}
		if signed := slices.Contains(calls[i], "--aws-sigv4"); signed != (op.Fault != "unsigned") {
			t.Errorf("%s: got signed %t", op, signed)
		}
		if got := argument("--aws-sigv4"); op.Fault == "service" && got != "aws:amz:us-east-1:s3" {
			t.Errorf("%s: got scope %q, want s3", op, got)
		}
		got, _ := strings.CutPrefix(argument("--url"), "http://us-east-1.example")
		if strings.Contains(shape.Path, "{"+op.Member+"}") && slices.Contains([]string{"pattern", "slash", "too-long", "huge"}, op.Fault) {
			continue // spoils the name that stands for the cluster's
		}
		want := r.Path
		if op.Fault == "plain" {
			want = strings.ReplaceAll(want, "%3A", ":") // which a path may hold as it is
		}
		if got != want {
			t.Errorf("%s: got path %q, want %q", op, got, want)
		}
	}
}

func TestTheScriptSendsHostileBodiesByteForByte(t *testing.T) {
	for _, fault := range []string{"malformed", "garbage", "no-body", "not-utf-8", "deep", "oversized", "list"} {
		lines, ops := hostileLines(func(op model.Hostile) bool { return op.Operation == "UpdateCluster" && op.Fault == fault })
		shape, _ := model.LookupShape(model.Current, "UpdateCluster")
		r, err := ops[0].Request(shape, model.HTTPNames{})
		if err != nil {
			t.Fatal(err)
		}
		if _, got := runScript(t, model.Sequence{Lines: lines}); got != string(r.Body) {
			t.Errorf("%s: got a body of %d bytes, want the %d of the request", fault, len(got), len(r.Body))
		}
		if n := len(scriptOf(t, model.Sequence{Lines: lines})); n > 32<<10 {
			t.Errorf("%s: got a script of %d bytes, want a short one", fault, n)
		}
	}
}
