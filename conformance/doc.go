// Package conformance replays sequences of operations against any endpoint that
// claims to be the Aurora DSQL control plane, and judges what it answers by the
// model.
//
//	func TestMyEmulator(t *testing.T) {
//		target, err := awsdsql.New(awsdsql.Options{Endpoint: "http://127.0.0.1:4566"})
//		if err != nil {
//			t.Fatal(err)
//		}
//		conformance.Run(t, target)
//	}
//
// Like nettest and fstest it promises no false positives and may have false
// negatives: an answer is a finding only if the documents forbid it. What could
// not be judged is Inconclusive, which is neither a pass nor a violation.
package conformance
