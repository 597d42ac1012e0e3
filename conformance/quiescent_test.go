package conformance

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

func TestReadsWithNoCallBetweenThemMeanTheSame(t *testing.T) {
	get := func(host string) (model.Op, string) {
		return model.GetCluster{}, strings.Replace(wireGet, `"x.dsql.us-east-1.on.aws"`, host, 1)
	}
	service := func(name string) (model.Op, string) {
		return model.GetVpcEndpointServiceName{}, `{"serviceName":"` + name + `"}`
	}
	type seen struct {
		op    model.Op
		body  string
		id    string // of the cluster, "c" unless given
		later time.Duration
		code  int
	}
	step := func(op model.Op, body string) seen { return seen{op: op, body: body} }
	tests := []struct {
		name string
		lag  time.Duration
		seen []seen
		want string
	}{
		{"the same host twice", 0, []seen{step(get(`"a"`)), step(get(`"a"`))}, ""},
		{"another host", 0, []seen{step(get(`"a"`)), step(get(`"b"`))}, "DSQL-WIR-020 endpoint changed"},
		{"another host while it is awaited", 0, []seen{step(get(`"a"`)), {op: model.Await{}, body: func() string { _, b := get(`"b"`); return b }()}},
			"DSQL-WIR-020 endpoint changed"},
		{"a host that is not there yet", 0, []seen{step(get(`null`)), step(get(`"a"`))}, ""},
		{"a host that was gone meanwhile", 0, []seen{step(get(`"a"`)), step(get(`""`)), step(get(`"b"`))}, "DSQL-WIR-020 endpoint changed"},
		{"another host of another cluster", 0, []seen{step(get(`"a"`)), {op: model.GetCluster{}, body: func() string { _, b := get(`"b"`); return b }(), id: "d"}}, ""},
		{"another host after a call", 0, []seen{step(get(`"a"`)), step(model.UpdateCluster{}, `{}`), step(get(`"b"`))}, ""},
		{"another host after a call of anybody knows what", 0, []seen{step(get(`"a"`)), step(model.Raw{}, ``), step(get(`"b"`))}, ""},
		{"another host after another read", 0, []seen{step(get(`"a"`)), step(model.ListClusters{}, wireList), step(get(`"b"`))}, "DSQL-WIR-020 endpoint changed"},
		{"a refusal in between", 0, []seen{step(get(`"a"`)), {op: model.GetCluster{}, body: wireInvalid, code: 400}, step(get(`"b"`))}, "DSQL-WIR-020 endpoint changed"},
		{"another service name", 0, []seen{step(service("a")), step(service("b"))}, "DSQL-WIR-020 serviceName changed"},
		{"another key", 0, []seen{step(model.GetCluster{}, `{"encryptionDetails":{"kmsKeyArn":"a"}}`), step(model.GetCluster{}, `{"encryptionDetails":{"kmsKeyArn":"b"}}`)},
			"DSQL-WIR-020 encryptionDetails.kmsKeyArn changed"},
		{"a member that changes by itself", 0, []seen{step(model.GetCluster{}, wireGet), step(model.GetCluster{}, strings.Replace(wireGet, "ACTIVE", "IDLE", 1))}, ""},
		{"an old read after a call", time.Second, []seen{step(model.UpdateCluster{}, `{}`), step(get(`"a"`)), step(get(`"b"`))}, ""},
		{"reads long after a call", time.Second, []seen{step(model.UpdateCluster{}, `{}`), {op: model.GetCluster{}, body: func() string { _, b := get(`"a"`); return b }(), later: time.Minute}, step(get(`"b"`))},
			"DSQL-WIR-020 endpoint changed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var q quiet
			var got []string
			now := time.Unix(wireNow, 0)
			for _, s := range tt.seen {
				now = now.Add(s.later)
				if s.id == "" {
					s.id = "c"
				}
				a := wireAnswer(max(s.code, 200), s.body)
				a.Sent, a.Answered = now, now
				got = append(got, broken(q.judge(Call{Op: s.op, Region: "us-east-1", Identifier: s.id}, a, tt.lag))...)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
