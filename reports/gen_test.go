package reports

import (
	"math"
	"strings"
	"time"

	"pgregory.net/rapid"

	"dsqlconform/conformance"
	"dsqlconform/model"
	"dsqlconform/model/explore"
)

// Generators of everything that a report can be made from. Texts are hostile:
// what a target says can be anything.

func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes")) }),
		rapid.SampledFrom([]string{
			"", " ", "-x", "--endpoint-url=http://evil", "file:///etc/passwd", "fileb:///dev/zero", "http://evil/", "a'b", `a"b\`,
			"$(touch pwned)", "`touch pwned`", "; touch pwned;", "a\nb", "\x00", "\x1b[31m", "\xff\xfe", "a|b", "| --- |", "```", "````\n# x",
			"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;", "]]>", "[x](javascript:alert(1))", "![x](http://evil)",
			"@octocat", "#1", "\u202egnp", "\u2028", "~", "*", "!!", "${HOME}", "%s%n", "\r\n", "# dsqlseq 1", "a\\|b", "\\", "www.evil.com",
		}),
	)
}

func count() *rapid.Generator[int] { return rapid.IntRange(0, 1<<40) }

func maybeText() *rapid.Generator[model.Maybe] {
	return rapid.Custom(func(t *rapid.T) model.Maybe {
		if !rapid.Bool().Draw(t, "given") {
			return model.Maybe{}
		}
		return model.Some(hostile().Draw(t, "value"))
	})
}

func ref() *rapid.Generator[model.Ref] {
	return rapid.Custom(func(t *rapid.T) model.Ref {
		if rapid.IntRange(0, 5).Draw(t, "sort") == 0 {
			return model.Ref{Literal: hostile().Draw(t, "literal")}
		}
		return model.C(rapid.IntRange(1, 4).Draw(t, "handle"))
	})
}

func region() *rapid.Generator[model.Region] {
	return rapid.Custom(func(t *rapid.T) model.Region {
		if rapid.IntRange(0, 9).Draw(t, "sort") == 0 {
			return model.Region(hostile().Draw(t, "region"))
		}
		return rapid.SampledFrom([]model.Region{"us-east-1", "us-east-2"}).Draw(t, "region")
	})
}

func tagSet() *rapid.Generator[model.Tags] {
	return rapid.Map(rapid.MapOfN(hostile(), hostile(), 0, 3), model.NewTags)
}

func multiRegion() *rapid.Generator[*model.MultiRegion] {
	return rapid.Custom(func(t *rapid.T) *model.MultiRegion {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		peers := rapid.SliceOfN(ref(), 0, 3).Draw(t, "peers")
		return &model.MultiRegion{
			Witness: maybeText().Draw(t, "witness"), Peers: peers,
			GivenPeers: len(peers) > 0 || rapid.Bool().Draw(t, "given"),
		}
	})
}

func token() *rapid.Generator[model.Token] {
	return rapid.Custom(func(t *rapid.T) model.Token {
		switch rapid.IntRange(0, 3).Draw(t, "sort") {
		case 0:
			return model.Token{}
		case 1:
			return model.Token{Literal: model.Some(hostile().Draw(t, "literal"))}
		}
		return model.Token{
			Name:   rapid.SampledFrom([]string{"t1", "t2"}).Draw(t, "name"),
			Near:   rapid.Bool().Draw(t, "near"),
			Length: rapid.SampledFrom([]int{0, 1, 36, 128}).Draw(t, "length"),
		}
	})
}

func operation() *rapid.Generator[model.Op] {
	protection := rapid.SampledFrom([]model.Switch{model.Unset, model.Off, model.On})
	at := rapid.OneOf(rapid.Just(model.Region("")), region())
	return rapid.Custom(func(t *rapid.T) model.Op {
		stream := rapid.Custom(func(t *rapid.T) model.StreamRef {
			if rapid.IntRange(0, 5).Draw(t, "sort") == 0 {
				return model.StreamRef{Literal: hostile().Draw(t, "literal")}
			}
			return model.StreamRef{Handle: model.StreamHandle(rapid.IntRange(1, 4).Draw(t, "handle"))}
		})
		resource := rapid.OneOf(rapid.Just(model.StreamRef{}), stream)
		expect := rapid.Custom(func(t *rapid.T) model.Expect {
			return model.Expect{Version: rapid.IntRange(0, 3).Draw(t, "version"), Literal: maybeText().Draw(t, "literal")}
		})
		switch rapid.IntRange(0, 23).Draw(t, "operation") {
		case 0:
			tags := tagSet().Draw(t, "tags")
			return model.CreateCluster{
				As: model.Handle(rapid.IntRange(1, 4).Draw(t, "as")), Region: region().Draw(t, "region"),
				Protection: protection.Draw(t, "protection"), Key: maybeText().Draw(t, "key"), Tags: tags,
				GivenTags: tags.Len() > 0, Multi: multiRegion().Draw(t, "multi"), Token: token().Draw(t, "token"),
				Policy: maybeText().Draw(t, "policy"), Bypass: protection.Draw(t, "bypass"),
			}
		case 1:
			return model.GetCluster{Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at")}
		case 2:
			return model.ListClusters{Region: region().Draw(t, "region"), Max: rapid.IntRange(0, 200).Draw(t, "max"), Next: maybeText().Draw(t, "next")}
		case 3:
			return model.UpdateCluster{
				Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at"), Protection: protection.Draw(t, "protection"),
				Key: maybeText().Draw(t, "key"), Multi: multiRegion().Draw(t, "multi"), Token: token().Draw(t, "token"),
			}
		case 4:
			return model.DeleteCluster{Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at"), Token: token().Draw(t, "token")}
		case 5:
			return model.TagResource{Ref: ref().Draw(t, "ref"), Stream: resource.Draw(t, "stream"), At: at.Draw(t, "at"), Tags: tagSet().Draw(t, "tags")}
		case 6:
			return model.UntagResource{Ref: ref().Draw(t, "ref"), Stream: resource.Draw(t, "stream"), At: at.Draw(t, "at"), Keys: rapid.SliceOfN(hostile(), 1, 3).Draw(t, "keys")}
		case 7:
			return model.ListTagsForResource{Ref: ref().Draw(t, "ref"), Stream: resource.Draw(t, "stream"), At: at.Draw(t, "at")}
		case 8:
			return model.GetVpcEndpointServiceName{Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at")}
		case 9:
			return model.Await{Ref: ref().Draw(t, "ref"), Status: model.Status(rapid.IntRange(1, int(model.Gone)).Draw(t, "status"))}
		case 10:
			return model.Wait{For: time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "for"))}
		case 11:
			return model.Connect{Ref: ref().Draw(t, "ref")}
		case 12:
			return model.PutClusterPolicy{
				Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at"), Policy: hostile().Draw(t, "policy") + rapid.SampledFrom([]string{"", "${account}", "${region}"}).Draw(t, "symbol"),
				Bypass: protection.Draw(t, "bypass"), Expect: expect.Draw(t, "expect"), Token: token().Draw(t, "token"),
			}
		case 13:
			return model.GetClusterPolicy{Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at")}
		case 14:
			return model.DeleteClusterPolicy{Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at"), Expect: expect.Draw(t, "expect"), Token: token().Draw(t, "token")}
		case 15:
			return model.CreateStream{
				As: model.StreamHandle(rapid.IntRange(1, 4).Draw(t, "as")), Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at"),
				Ordering: maybeText().Draw(t, "ordering"), Format: maybeText().Draw(t, "format"), Kinesis: maybeText().Draw(t, "kinesis"), Role: maybeText().Draw(t, "role"),
				Tags: tagSet().Draw(t, "tags"), Token: token().Draw(t, "token"),
			}
		case 16:
			return model.GetStream{Ref: ref().Draw(t, "ref"), Stream: stream.Draw(t, "stream"), At: at.Draw(t, "at")}
		case 17:
			return model.ListStreams{Ref: ref().Draw(t, "ref"), At: at.Draw(t, "at"), Max: rapid.IntRange(0, 200).Draw(t, "max"), Next: maybeText().Draw(t, "next")}
		case 18:
			return model.DeleteStream{Ref: ref().Draw(t, "ref"), Stream: stream.Draw(t, "stream"), At: at.Draw(t, "at"), Token: token().Draw(t, "token")}
		case 19:
			linked := rapid.SliceOfN(region(), 1, 3).Draw(t, "linked")
			return model.CreateMultiRegionClusters{
				As: []model.Handle{1, 2, 3}[:len(linked)], Region: region().Draw(t, "region"), Linked: linked, Witness: region().Draw(t, "witness"),
				Protection: protection.Draw(t, "protection"), Token: token().Draw(t, "token"),
			}
		case 20:
			return model.DeleteMultiRegionClusters{Region: region().Draw(t, "region"), Refs: rapid.SliceOfN(ref(), 0, 3).Draw(t, "refs"), Token: token().Draw(t, "token")}
		case 21:
			return model.Await{Ref: ref().Draw(t, "ref"), Stream: stream.Draw(t, "stream"), Shows: model.StreamStatus(rapid.IntRange(1, int(model.StreamGone)).Draw(t, "shows"))}
		case 22:
			op := rapid.SampledFrom(append(model.Hostiles(model.Current), model.Hostiles(model.May2025)...)).Draw(t, "hostile")
			op.Region, op.Ref = region().Draw(t, "region"), ref().Draw(t, "ref")
			if strings.Contains(op.Operation, "Stream") {
				op.Stream = stream.Draw(t, "stream")
			}
			if op.Operation == "CreateCluster" {
				op.Ref, op.As = model.Ref{}, 2
			}
			return op
		}
		return model.Raw{
			Region: region().Draw(t, "region"), Method: rapid.SampledFrom([]string{"GET", "POST", "-X", "a b"}).Draw(t, "method"),
			Path: "/" + hostile().Draw(t, "path"), Type: maybeText().Draw(t, "type"), Body: maybeText().Draw(t, "body"),
		}
	})
}

func sequence() *rapid.Generator[model.Sequence] {
	return rapid.Custom(func(t *rapid.T) model.Sequence {
		line := rapid.Custom(func(t *rapid.T) model.Line {
			return model.Line{
				Op: operation().Draw(t, "op"), Lost: rapid.Bool().Draw(t, "lost"),
				Twice: rapid.Bool().Draw(t, "twice"), Retries: rapid.Bool().Draw(t, "retries"),
				By: rapid.OneOf(rapid.Just(""), hostile()).Draw(t, "by"),
			}
		})
		return model.Sequence{
			Seed: rapid.Uint64().Draw(t, "seed"), Profile: hostile().Draw(t, "profile"),
			Regions: rapid.SliceOfN(region(), 0, 2).Draw(t, "regions"), Lines: rapid.SliceOfN(line, 0, 8).Draw(t, "lines"),
		}
	})
}

func moment() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	})
}

func body() *rapid.Generator[[]byte] {
	return rapid.OneOf(rapid.Just([]byte(nil)), rapid.SliceOfN(rapid.Byte(), 0, 30), rapid.Map(hostile(), func(s string) []byte { return []byte(s) }))
}

func record() *rapid.Generator[conformance.Record] {
	attempt := rapid.Custom(func(t *rapid.T) conformance.Attempt {
		header := rapid.MapOfN(hostile(), rapid.SliceOfN(hostile(), 0, 2), 0, 2)
		return conformance.Attempt{
			Method: hostile().Draw(t, "method"), URL: hostile().Draw(t, "url"), Header: header.Draw(t, "header"), Body: body().Draw(t, "body"),
			StatusCode: rapid.IntRange(0, 599).Draw(t, "status"), Answer: body().Draw(t, "answer"), AnswerHeader: header.Draw(t, "answer header"),
			Truncated: rapid.Bool().Draw(t, "truncated"), Sent: moment().Draw(t, "sent"), Answered: moment().Draw(t, "answered"), Err: hostile().Draw(t, "err"),
		}
	})
	return rapid.Custom(func(t *rapid.T) conformance.Record {
		answer := conformance.Answer{
			Outage: conformance.Outage(rapid.IntRange(0, len(outages)-1).Draw(t, "outage")),
			Code:   hostile().Draw(t, "code"), HTTP: rapid.IntRange(0, 599).Draw(t, "http"), Message: hostile().Draw(t, "message"),
			Identifier: hostile().Draw(t, "identifier"), ARN: hostile().Draw(t, "arn"), Status: hostile().Draw(t, "status"), Created: moment().Draw(t, "created"),
		}
		if rapid.Bool().Draw(t, "multi") {
			witness := hostile().Draw(t, "witness")
			answer.Multi = &conformance.Multi{Witness: &witness, Clusters: rapid.SliceOfN(hostile(), 0, 2).Draw(t, "clusters")}
		}
		if rapid.Bool().Draw(t, "tags") {
			answer.Tags = rapid.MapOfN(hostile(), hostile(), 0, 2).Draw(t, "tags")
		}
		if rapid.Bool().Draw(t, "listed") {
			answer.Listed = []conformance.Listed{{Identifier: hostile().Draw(t, "identifier"), ARN: hostile().Draw(t, "arn")}}
		}
		optional := func(name string) *string {
			if !rapid.Bool().Draw(t, "has "+name) {
				return nil
			}
			text := hostile().Draw(t, name)
			return &text
		}
		stream := rapid.Custom(func(t *rapid.T) conformance.Stream {
			return conformance.Stream{
				Cluster: hostile().Draw(t, "cluster"), Identifier: hostile().Draw(t, "identifier"), ARN: hostile().Draw(t, "arn"),
				Status: hostile().Draw(t, "status"), Created: moment().Draw(t, "created"), Ordering: hostile().Draw(t, "ordering"), Format: hostile().Draw(t, "format"),
				Kinesis: hostile().Draw(t, "kinesis"), Role: hostile().Draw(t, "role"), Reason: rapid.Bool().Draw(t, "reason"),
			}
		})
		answer.Policy, answer.PolicyVersion = optional("policy"), hostile().Draw(t, "version")
		answer.Witness, answer.Linked = optional("legacy witness"), rapid.SliceOfN(hostile(), 0, 2).Draw(t, "linked")
		if rapid.Bool().Draw(t, "encryption") {
			answer.Encryption = &conformance.Encryption{Type: hostile().Draw(t, "type"), Status: hostile().Draw(t, "status"), Key: optional("key")}
		}
		if rapid.Bool().Draw(t, "stream") {
			s := stream.Draw(t, "stream")
			answer.Stream = &s
		}
		answer.Streams = rapid.SliceOfN(stream, 0, 2).Draw(t, "streams")
		return conformance.Record{
			Line: rapid.IntRange(-1, 9).Draw(t, "line"), Why: rapid.SampledFrom([]string{"", "poll", "probe", "teardown"}).Draw(t, "why"),
			Call: conformance.Call{
				Op: operation().Draw(t, "op"), Region: region().Draw(t, "region"), Identifier: hostile().Draw(t, "identifier"),
				By: hostile().Draw(t, "by"), Stream: hostile().Draw(t, "stream"), ARNs: rapid.SliceOfN(hostile(), 0, 2).Draw(t, "arns"),
				Kinesis: hostile().Draw(t, "kinesis"), Role: hostile().Draw(t, "role"), Policy: hostile().Draw(t, "policy"), Expect: maybe(optional("expect")),
				Peers: rapid.SliceOfN(hostile(), 0, 2).Draw(t, "peers"), Token: hostile().Draw(t, "token"), Retries: rapid.Bool().Draw(t, "retries"),
			},
			Exchange: conformance.Exchange{Answer: answer, Attempts: rapid.SliceOfN(attempt, 0, 3).Draw(t, "attempts")},
			Reply:    model.Reply{Status: model.Active, Cluster: 1}, Sent: time.Duration(count().Draw(t, "sent")), Answered: time.Duration(count().Draw(t, "answered")),
		}
	})
}

func finding() *rapid.Generator[conformance.Finding] {
	texts := rapid.SliceOfN(hostile(), 0, 3)
	return rapid.Custom(func(t *rapid.T) conformance.Finding {
		return conformance.Finding{
			Rule:      model.RuleID(rapid.OneOf(rapid.Just("DSQL-DEL-002"), hostile()).Draw(t, "rule")),
			Severity:  rapid.SampledFrom([]conformance.Severity{conformance.Violation, conformance.Suspicion}).Draw(t, "severity"),
			Kind:      rapid.SampledFrom([]conformance.Kind{conformance.Safety, conformance.Liveness, conformance.Wire}).Draw(t, "kind"),
			Operation: hostile().Draw(t, "operation"), Status: hostile().Draw(t, "status"), Role: hostile().Draw(t, "role"), Shape: hostile().Draw(t, "shape"),
			Known: rapid.Bool().Draw(t, "known"), After: hostile().Draw(t, "after"), Profile: hostile().Draw(t, "profile"), Seed: rapid.Uint64().Draw(t, "seed"),
			At: rapid.IntRange(0, 9).Draw(t, "at"), Sequence: sequence().Draw(t, "sequence"), Minimal: sequence().Draw(t, "minimal"),
			ShrinkOperations: count().Draw(t, "operations"), Hits: count().Draw(t, "hits"), Tries: count().Draw(t, "tries"),
			Expected: texts.Draw(t, "expected"), Got: hostile().Draw(t, "got"), Diff: hostile().Draw(t, "diff"), AlsoSeen: texts.Draw(t, "also"),
			Calls: rapid.SliceOfN(record(), 0, 2).Draw(t, "calls"),
		}
	})
}

func result() *rapid.Generator[conformance.Result] {
	tally := rapid.Map(rapid.MapOfN(hostile(), count(), 0, 4), func(m map[string]int) conformance.Tally { return m })
	// Of the model's graph, and of what it has not.
	points := rapid.Custom(func(t *rapid.T) conformance.Tally {
		m := tally.Draw(t, "others")
		if m == nil {
			m = conformance.Tally{}
		}
		for _, w := range rapid.SliceOfN(rapid.SampledFrom(explore.Reach()), 0, 6).Draw(t, "points") {
			m[w.To] = rapid.IntRange(0, 1).Draw(t, "hits")
		}
		return m
	})
	verdicts := []conformance.Verdict{conformance.Conforms, conformance.Diverges, conformance.Inconclusive, conformance.Unserved}
	profile := rapid.Custom(func(t *rapid.T) conformance.ProfileResult {
		return conformance.ProfileResult{
			Name: hostile().Draw(t, "name"), Verdict: rapid.SampledFrom(verdicts).Draw(t, "verdict"), Sequences: count().Draw(t, "sequences"),
			Operations: count().Draw(t, "operations"), Doubtful: count().Draw(t, "doubtful"), Reason: hostile().Draw(t, "reason"),
		}
	})
	open := rapid.Custom(func(t *rapid.T) conformance.Open {
		return conformance.Open{
			Question: "Q14", Rule: "DSQL-DEL-003", Context: hostile().Draw(t, "context"), Answer: hostile().Draw(t, "answer"),
			Count: count().Draw(t, "count"), Sequence: sequence().Draw(t, "sequence"),
		}
	})
	doubt := rapid.Custom(func(t *rapid.T) conformance.Doubt {
		return conformance.Doubt{Reason: hostile().Draw(t, "reason"), Count: count().Draw(t, "count")}
	})
	note := rapid.Custom(func(t *rapid.T) conformance.Note {
		return conformance.Note{Kind: hostile().Draw(t, "kind"), Example: hostile().Draw(t, "example"), Count: count().Draw(t, "count")}
	})
	known := rapid.Custom(func(t *rapid.T) conformance.KnownResult {
		return conformance.KnownResult{
			Entry: hostile().Draw(t, "entry"), Status: rapid.SampledFrom([]string{"seen", "stale", "expired", "not-attempted"}).Draw(t, "status"),
		}
	})
	return rapid.Custom(func(t *rapid.T) conformance.Result {
		return conformance.Result{
			Verdict: rapid.SampledFrom(verdicts[:3]).Draw(t, "verdict"), Seed: rapid.Uint64().Draw(t, "seed"),
			Profiles: rapid.SliceOfN(profile, 0, 3).Draw(t, "profiles"), Findings: rapid.SliceOfN(finding(), 0, 3).Draw(t, "findings"),
			Open: rapid.SliceOfN(open, 0, 2).Draw(t, "open"), NotServed: rapid.SliceOfN(hostile(), 0, 2).Draw(t, "not served"),
			Doubts: rapid.SliceOfN(doubt, 0, 2).Draw(t, "doubts"), Notes: rapid.SliceOfN(note, 0, 2).Draw(t, "notes"),
			Known: rapid.SliceOfN(known, 0, 2).Draw(t, "known"), Rules: tally.Draw(t, "rules"), Transitions: tally.Draw(t, "transitions"),
			Edges: points.Draw(t, "edges"), Cells: points.Draw(t, "cells"), Toured: points.Draw(t, "toured"), Faults: tally.Draw(t, "faults"), Sequences: count().Draw(t, "sequences"), Operations: count().Draw(t, "operations"),
			Probes: count().Draw(t, "probes"), Started: moment().Draw(t, "started"),
			Duration: time.Duration(rapid.Int64Range(0, math.MaxInt64).Draw(t, "duration")), Interrupted: rapid.Bool().Draw(t, "interrupted"),
		}
	})
}

func target() *rapid.Generator[Target] {
	return rapid.Custom(func(t *rapid.T) Target {
		return Target{
			Name: hostile().Draw(t, "name"), Version: hostile().Draw(t, "version"), Endpoint: hostile().Draw(t, "endpoint"),
			Regions: rapid.SliceOfN(hostile(), 0, 2).Draw(t, "regions"), Witness: hostile().Draw(t, "witness"),
			Revision: hostile().Draw(t, "revision"), Preset: hostile().Draw(t, "preset"),
		}
	})
}
