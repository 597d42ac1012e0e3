package speak_test

import (
	"strings"
	"testing"
	"time"

	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/reference/speak"
	"dsqlconform/model"
)

// Each line is asked in turn, and answered as stands beside it; "wait" lets the
// clock go on.
var conversations = []struct {
	name     string
	revision model.Revision
	lines    [][2]string
}{
	{"a cluster and its tags", model.Current, [][2]string{
		{`c1 = create us-east-1 protection=off key=alias/x tags=a=b token=t1`, `CREATING protection=off`},
		{`wait 1m`, ``},
		{`get c1`, `kms=`},
		{`tag c1 c=d`, `ok`},
		{`untag c1 a`, `ok`},
		{`tags c1`, `ok tags=c=d`},
		{`vpc c1`, `ok service=com.amazonaws.us-east-1.`},
		{`list us-east-1 max=1`, `ok list=c1`},
		{`get c1 @us-east-2`, `ResourceNotFoundException`},
		{`delete c1 token=t2`, `ok c1 DELETING`},
	}},
	{"a pair", model.Current, [][2]string{
		{`c1 = create us-east-1 witness=us-west-2`, `ok c1 PENDING_SETUP`},
		{`c2 = create us-east-2 witness=us-west-2 peers=c1`, `ok c2 PENDING_SETUP`},
		{`update c1 witness=us-west-2 peers=c2`, `ok c1 UPDATING`},
		{`wait 1m`, ``},
		{`await c1 ACTIVE`, `witness=us-west-2 clusters=c1,c2`},
	}},
	{"a policy", model.Current, [][2]string{
		{`c1 = create us-east-1 policy="{\"Version\":\"2012-10-17\",\"Statement\":[]}" bypass=on`, `ok c1`},
		{`wait 1m`, ``},
		{`get-policy c1`, `version=v1`},
		{`put-policy c1 "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"${account}\"},\"Action\":\"*\",\"Resource\":\"*\"}]}" bypass=on expect=v1 token=t1`, `ok version=v2`},
		{`get-policy c1`, `${account}`},
		{`delete-policy c1 expect=v1`, `Exception`},
		{`delete-policy c1 expect=v7`, `Exception`},
		{`delete-policy c1 expect="x"`, `Exception`},
		{`delete-policy c1 expect=v2`, `ok version=`},
		{`get-policy c1`, `ResourceNotFoundException`},
	}},
	{"streams", model.Current, [][2]string{
		{`c1 = create us-east-1 protection=off`, `ok c1`},
		{`wait 1m`, ``},
		{`s1 = create-stream c1 tags=a=b token=t1`, `ok c1 s1 CREATING order=UNORDERED format=JSON`},
		{`s2 = create-stream c1 ordering=UNORDERED format=JSON kinesis="arn:aws:kinesis:us-east-1:123456789012:stream/x" role="arn:aws:iam::123456789012:role/x"`, `ok c1 s2 CREATING`},
		{`wait 10m`, ``},
		{`get-stream c1/s1`, `ok c1 s1 ACTIVE tags=a=b order=UNORDERED format=JSON target=on`},
		{`await c1/s2 ACTIVE`, `ok c1 s2 ACTIVE`},
		{`list-streams c1 max=1`, `ok streams=s1:ACTIVE,s2:ACTIVE`},
		{`tag c1/s1 c=d`, `ok`},
		{`untag c1/s1 a`, `ok`},
		{`tags c1/s1`, `ok tags=c=d`},
		{`delete-stream c1/s1 token=t2`, `ok c1 s1 DELETING`},
		{`get-stream c1/"nothing"`, `Exception`},
		{`get-stream c1/s9`, `ResourceNotFoundException`},
	}},
	{"the retired operations", model.May2025, [][2]string{
		{`c1,c2 = create-linked us-east-1 regions=us-east-1,us-east-2 witness=us-west-2 protection=off token=t1`, `ok linked=c1,c2`},
		{`wait 1m`, ``},
		{`get c2`, `ok c2 ACTIVE protection=off witness=us-west-2 clusters=c1,c2 legacy-witness=us-west-2 linked=c1,c2`},
		{`delete-linked us-east-1 c1,c2 token=t2`, `ok`},
		{`wait 1m`, ``},
		{`get c1`, `ResourceNotFoundException`},
	}},
	{"a request as it stands", model.Current, [][2]string{
		{`raw us-east-1 GET /nothing`, `other`},
		{`raw us-east-1 POST /cluster body="{"`, `ValidationException reason=cannotParse`},
	}},
}

func TestAConversationIsUnderstoodBothWays(t *testing.T) {
	for _, test := range conversations {
		t.Run(test.name, func(t *testing.T) {
			now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			clock := func() time.Time { return now }
			temper, ok := reference.LookupTemperament("plain")
			if !ok {
				t.Fatal("got no plain temperament, want one")
			}
			s := speak.New(reference.New(reference.Options{Now: clock, Seed: 1, Temperament: temper, Settle: time.Second, Revision: test.revision}), clock)
			for _, line := range test.lines {
				l, err := model.ParseLine(line[0])
				if err != nil {
					t.Fatal(err)
				}
				if wait, ok := l.Op.(model.Wait); ok {
					// The endpoint goes no further than it is asked.
					for range 10 {
						now = now.Add(wait.For / 10)
						if _, err := s.Ask(model.ListClusters{Region: "us-east-1"}); err != nil {
							t.Fatal(err)
						}
					}
					continue
				}
				got, err := s.Ask(s.Located(l.Op))
				if err != nil {
					t.Fatalf("%s: %v", line[0], err)
				}
				if !strings.Contains(got.String(), line[1]) {
					t.Errorf("%s: got %s, want %s", line[0], got, line[1])
				}
			}
		})
	}
}

func TestAHostileRequestIsNotAsked(t *testing.T) {
	s := speak.New(reference.New(reference.Options{}), time.Now)
	if _, err := s.Ask(model.Hostile{Region: "us-east-1", Operation: "GetCluster", Fault: "unsigned"}); err == nil {
		t.Error("got an answer, want an error")
	}
}
