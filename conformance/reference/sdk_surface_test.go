package reference_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"
	"github.com/aws/aws-sdk-go-v2/service/dsql/types"

	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// active creates an unprotected cluster and waits until it is ACTIVE.
func active(t *testing.T, d *dsql.Client, in dsql.CreateClusterInput) *dsql.CreateClusterOutput {
	t.Helper()
	in.DeletionProtectionEnabled = aws.Bool(false)
	made := must[*dsql.CreateClusterOutput](t)(d.CreateCluster(t.Context(), &in))
	if err := dsql.NewClusterActiveWaiter(d).Wait(t.Context(), &dsql.GetClusterInput{Identifier: made.Identifier}, time.Minute); err != nil {
		t.Fatal(err)
	}
	return made
}

// plainPolicy is a policy that locks nobody out.
const plainPolicy = `{ "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::` + reference.Account + `:root"}, "Action": "dsql:DbConnect", "Resource": "*"}]}`

func TestAPolicyIsReadReplacedAndDeleted(t *testing.T) {
	for _, name := range []string{"plain", "opaque", "slow", "shy"} {
		inBubble(t, name, func(t *testing.T) {
			temperament, _ := reference.LookupTemperament(name)
			d := client(reference.New(reference.Options{Temperament: temperament, Settle: settle}), "us-east-1")
			id := active(t, d, dsql.CreateClusterInput{}).Identifier
			var missing *types.ResourceNotFoundException
			if _, err := d.GetClusterPolicy(t.Context(), &dsql.GetClusterPolicyInput{Identifier: id}); !errors.As(err, &missing) {
				t.Errorf("without a policy: got %v, want a ResourceNotFoundException", err)
			}
			first := must[*dsql.PutClusterPolicyOutput](t)(d.PutClusterPolicy(t.Context(), &dsql.PutClusterPolicyInput{Identifier: id, Policy: aws.String(plainPolicy)}))
			got := must[*dsql.GetClusterPolicyOutput](t)(d.GetClusterPolicy(t.Context(), &dsql.GetClusterPolicyInput{Identifier: id}))
			if *got.PolicyVersion != *first.PolicyVersion || model.CanonicalPolicy(*got.Policy) != model.CanonicalPolicy(plainPolicy) {
				t.Errorf("got version %s of %s, want %s of %s", *got.PolicyVersion, *got.Policy, *first.PolicyVersion, plainPolicy)
			}
			if name == "plain" && (*got.Policy != plainPolicy || *got.PolicyVersion != "1") {
				t.Errorf("got version %s of %s, want 1 of the text as it was given", *got.PolicyVersion, *got.Policy)
			}
			second := must[*dsql.PutClusterPolicyOutput](t)(d.PutClusterPolicy(t.Context(), &dsql.PutClusterPolicyInput{Identifier: id, Policy: aws.String(plainPolicy), ExpectedPolicyVersion: first.PolicyVersion}))
			if *second.PolicyVersion == *first.PolicyVersion {
				t.Errorf("got version %s twice, want two", *first.PolicyVersion)
			}
			var conflict *types.ConflictException
			if _, err := d.PutClusterPolicy(t.Context(), &dsql.PutClusterPolicyInput{Identifier: id, Policy: aws.String(plainPolicy), ExpectedPolicyVersion: first.PolicyVersion}); !errors.As(err, &conflict) {
				t.Errorf("expecting an old version: got %v, want a ConflictException", err)
			}
			gone := must[*dsql.DeleteClusterPolicyOutput](t)(d.DeleteClusterPolicy(t.Context(), &dsql.DeleteClusterPolicyInput{Identifier: id, ExpectedPolicyVersion: second.PolicyVersion}))
			if *gone.PolicyVersion != *second.PolicyVersion {
				t.Errorf("got version %s deleted, want %s", *gone.PolicyVersion, *second.PolicyVersion)
			}
			again := must[*dsql.PutClusterPolicyOutput](t)(d.PutClusterPolicy(t.Context(), &dsql.PutClusterPolicyInput{Identifier: id, Policy: aws.String(plainPolicy)}))
			for range 2 {
				gone := must[*dsql.DeleteClusterPolicyOutput](t)(d.DeleteClusterPolicy(t.Context(), &dsql.DeleteClusterPolicyInput{Identifier: id, ClientToken: aws.String("t")}))
				if gone.PolicyVersion == nil || *gone.PolicyVersion != *again.PolicyVersion {
					t.Errorf("deleted with one token: got version %v, want %s each time", gone.PolicyVersion, *again.PolicyVersion)
				}
			}
			if _, err := d.DeleteClusterPolicy(t.Context(), &dsql.DeleteClusterPolicyInput{Identifier: id}); !errors.As(err, &missing) {
				t.Errorf("a second delete: got %v, want a ResourceNotFoundException", err)
			}
			third := must[*dsql.PutClusterPolicyOutput](t)(d.PutClusterPolicy(t.Context(), &dsql.PutClusterPolicyInput{Identifier: id, Policy: aws.String(plainPolicy)}))
			if *third.PolicyVersion == *first.PolicyVersion || *third.PolicyVersion == *second.PolicyVersion {
				t.Errorf("got version %s again, want a new one", *third.PolicyVersion)
			}
			other := active(t, d, dsql.CreateClusterInput{Policy: aws.String(plainPolicy)})
			must[*dsql.GetClusterPolicyOutput](t)(d.GetClusterPolicy(t.Context(), &dsql.GetClusterPolicyInput{Identifier: other.Identifier}))
		})
	}
}

// kinesis is where streams deliver to.
var kinesis = &types.TargetDefinitionMemberKinesis{Value: types.KinesisTargetDefinition{
	StreamArn: aws.String("arn:aws:kinesis:us-east-1:123456789012:stream/s"), RoleArn: aws.String("arn:aws:iam::123456789012:role/r"),
}}

func newStream(t *testing.T, d *dsql.Client, cluster *string) (*dsql.CreateStreamOutput, error) {
	return d.CreateStream(t.Context(), &dsql.CreateStreamInput{ClusterIdentifier: cluster, TargetDefinition: kinesis,
		Ordering: types.StreamOrderingUnordered, Format: types.StreamFormatJson, Tags: map[string]string{"a": "x"}})
}

func TestAStreamLivesAndDies(t *testing.T) {
	for _, name := range []string{"plain", "fast", "slow", "jittery", "shy", "deleted", "eager"} {
		inBubble(t, name, func(t *testing.T) {
			temperament, _ := reference.LookupTemperament(name)
			d := client(reference.New(reference.Options{Temperament: temperament, Settle: settle}), "us-east-1")
			id := active(t, d, dsql.CreateClusterInput{}).Identifier
			made := must[*dsql.CreateStreamOutput](t)(newStream(t, d, id))
			if made.Status != types.StreamStatusCreating || *made.ClusterIdentifier != *id || !made.CreationTime.Equal(time.Now()) && name != "slow" {
				t.Errorf("got %s of %s at %s, want CREATING of %s", made.Status, *made.ClusterIdentifier, made.CreationTime, *id)
			}
			read := &dsql.GetStreamInput{ClusterIdentifier: id, StreamIdentifier: made.StreamIdentifier}
			if err := dsql.NewStreamActiveWaiter(d).Wait(t.Context(), read, time.Minute); err != nil {
				t.Fatal(err)
			}
			got := must[*dsql.GetStreamOutput](t)(d.GetStream(t.Context(), read))
			if target, ok := got.TargetDefinition.(*types.TargetDefinitionMemberKinesis); name != "shy" && (!ok || *target.Value.StreamArn != *kinesis.Value.StreamArn) {
				t.Errorf("got target %v, want %v", got.TargetDefinition, kinesis)
			}
			if got.StatusReason != nil || *got.Arn != *made.Arn || got.Tags["a"] != "x" {
				t.Errorf("got %s with reason %v and tags %v, want %s with a=x", *got.Arn, got.StatusReason, got.Tags, *made.Arn)
			}
			must[*dsql.TagResourceOutput](t)(d.TagResource(t.Context(), &dsql.TagResourceInput{ResourceArn: made.Arn, Tags: map[string]string{"b": "y"}}))
			must[*dsql.UntagResourceOutput](t)(d.UntagResource(t.Context(), &dsql.UntagResourceInput{ResourceArn: made.Arn, TagKeys: []string{"a"}}))
			tags := must[*dsql.ListTagsForResourceOutput](t)(d.ListTagsForResource(t.Context(), &dsql.ListTagsForResourceInput{ResourceArn: made.Arn}))
			if len(tags.Tags) != 1 || tags.Tags["b"] != "y" {
				t.Errorf("got tags %v, want b=y", tags.Tags)
			}
			must[*dsql.DeleteStreamOutput](t)(d.DeleteStream(t.Context(), &dsql.DeleteStreamInput{ClusterIdentifier: id, StreamIdentifier: made.StreamIdentifier}))
			if err := dsql.NewStreamNotExistsWaiter(d).Wait(t.Context(), read, time.Minute); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestAClusterHasFiveStreamsListedInPages(t *testing.T) {
	inBubble(t, "plain", func(t *testing.T) {
		d := client(reference.New(reference.Options{Settle: settle}), "us-east-1")
		id := active(t, d, dsql.CreateClusterInput{}).Identifier
		want := []string{}
		for range 5 {
			want = append(want, *must[*dsql.CreateStreamOutput](t)(newStream(t, d, id)).StreamIdentifier)
		}
		_, err := newStream(t, d, id)
		var full *types.ServiceQuotaExceededException
		if !errors.As(err, &full) || full.QuotaCode == nil || full.ServiceCode == nil || full.ResourceId == nil || full.ResourceType == nil {
			t.Errorf("a sixth stream: got %v, want a ServiceQuotaExceededException with all its members", err)
		}
		got := []string{}
		for p := dsql.NewListStreamsPaginator(d, &dsql.ListStreamsInput{ClusterIdentifier: id, MaxResults: aws.Int32(2)}); p.HasMorePages(); {
			page := must[*dsql.ListStreamsOutput](t)(p.NextPage(t.Context()))
			if len(page.Streams) > 2 {
				t.Errorf("got a page of %d, want at most 2", len(page.Streams))
			}
			for _, row := range page.Streams {
				got = append(got, *row.StreamIdentifier)
			}
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		other := active(t, d, dsql.CreateClusterInput{}).Identifier
		if page := must[*dsql.ListStreamsOutput](t)(d.ListStreams(t.Context(), &dsql.ListStreamsInput{ClusterIdentifier: other})); len(page.Streams) != 0 {
			t.Errorf("got %d streams of another cluster, want none", len(page.Streams))
		}
		var missing *types.ResourceNotFoundException
		if _, err := d.GetStream(t.Context(), &dsql.GetStreamInput{ClusterIdentifier: other, StreamIdentifier: &want[0]}); !errors.As(err, &missing) || *missing.ResourceType != "stream" {
			t.Errorf("a stream of another cluster: got %v, want a ResourceNotFoundException of a stream", err)
		}
	})
}

func TestAStreamInTroubleSaysWhy(t *testing.T) {
	seen := map[types.StreamStatus]bool{}
	for _, name := range []string{"failing", "impaired", "opaque"} {
		inBubble(t, name, func(t *testing.T) {
			temperament, _ := reference.LookupTemperament(name)
			d := client(reference.New(reference.Options{Temperament: temperament, Settle: settle, Seed: 3}), "us-east-1")
			var id *string
			for range 20 { // a creation may fail
				made := must[*dsql.CreateClusterOutput](t)(d.CreateCluster(t.Context(), &dsql.CreateClusterInput{}))
				time.Sleep(2 * settle)
				if got := must[*dsql.GetClusterOutput](t)(d.GetCluster(t.Context(), &dsql.GetClusterInput{Identifier: made.Identifier})); got.Status == types.ClusterStatusActive {
					id = made.Identifier
					break
				}
			}
			for range 5 {
				made, err := newStream(t, d, id)
				if err != nil {
					t.Fatal(err)
				}
				for range 20 {
					time.Sleep(settle / 4)
					got := must[*dsql.GetStreamOutput](t)(d.GetStream(t.Context(), &dsql.GetStreamInput{ClusterIdentifier: id, StreamIdentifier: made.StreamIdentifier}))
					seen[got.Status] = true
					if in := got.Status == types.StreamStatusFailed || got.Status == types.StreamStatusImpaired; in != (got.StatusReason != nil) {
						t.Errorf("got %s with reason %v, want one of streams that are IMPAIRED or FAILED alone", got.Status, got.StatusReason)
					}
				}
			}
		})
	}
	if !seen[types.StreamStatusFailed] || !seen[types.StreamStatusImpaired] {
		t.Errorf("got streams in %v, want some FAILED and some IMPAIRED", seen)
	}
}

func TestAKeyShowsWhileItIsBroughtIntoForce(t *testing.T) {
	const key = "arn:aws:kms:us-east-1:123456789012:key/k"
	for _, tt := range []struct {
		temperament string
		want        []types.EncryptionStatus
	}{
		{"plain", []types.EncryptionStatus{types.EncryptionStatusEnabled}},
		{"opaque", []types.EncryptionStatus{types.EncryptionStatusUpdating, types.EncryptionStatusEnabled}},
		{"keyless", []types.EncryptionStatus{types.EncryptionStatusEnabled, types.EncryptionStatusKmsKeyInaccessible}},
	} {
		inBubble(t, tt.temperament, func(t *testing.T) {
			temperament, _ := reference.LookupTemperament(tt.temperament)
			d := client(reference.New(reference.Options{Temperament: temperament, Settle: settle}), "us-east-1")
			made := active(t, d, dsql.CreateClusterInput{})
			if e := made.EncryptionDetails; e.EncryptionType != types.EncryptionTypeAwsOwnedKmsKey || e.EncryptionStatus != types.EncryptionStatusEnabled || e.KmsKeyArn != nil {
				t.Errorf("got %+v, want a key of AWS, ENABLED", e)
			}
			must[*dsql.UpdateClusterOutput](t)(d.UpdateCluster(t.Context(), &dsql.UpdateClusterInput{Identifier: made.Identifier, KmsEncryptionKey: aws.String(key)}))
			var got []types.EncryptionStatus
			for range 100 {
				now := must[*dsql.GetClusterOutput](t)(d.GetCluster(t.Context(), &dsql.GetClusterInput{Identifier: made.Identifier}))
				e := now.EncryptionDetails
				if e.EncryptionType != types.EncryptionTypeCustomerManagedKmsKey || *e.KmsKeyArn != key {
					t.Errorf("got %+v, want the customer's key", e)
				}
				if got = append(got, e.EncryptionStatus); e.EncryptionStatus == types.EncryptionStatusKmsKeyInaccessible && now.Status != types.ClusterStatusIdle {
					t.Errorf("got %s without its key, want IDLE", now.Status)
				}
				time.Sleep(settle / 5)
				if len(got) == 50 {
					time.Sleep(5 * time.Minute)
				}
			}
			if got = slices.Compact(got); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheQuotaOfARegionIsKept(t *testing.T) {
	inBubble(t, "full", func(t *testing.T) {
		temperament, _ := reference.LookupTemperament("full")
		e := reference.New(reference.Options{Temperament: temperament, Settle: settle, Quota: model.Quota{Single: 2}})
		east, ohio := client(e, "us-east-1"), client(e, "us-east-2")
		create := func(d *dsql.Client, multi bool) error {
			in := &dsql.CreateClusterInput{DeletionProtectionEnabled: aws.Bool(false)}
			if multi {
				in.MultiRegionProperties = &types.MultiRegionProperties{WitnessRegion: aws.String("us-west-2")}
			}
			_, err := d.CreateCluster(t.Context(), in)
			return err
		}
		for i := range 3 {
			err := create(east, false)
			var full *types.ServiceQuotaExceededException
			if want := i == 2; errors.As(err, &full) != want || !want && err != nil {
				t.Errorf("cluster %d: got %v, want a ServiceQuotaExceededException %v", i+1, err, want)
			}
			if full != nil && (full.QuotaCode == nil || full.ServiceCode == nil || full.ResourceId == nil || full.ResourceType == nil) {
				t.Errorf("got %+v, want every member", full)
			}
		}
		for i := range 6 {
			var full *types.ServiceQuotaExceededException
			if err := create(east, true); errors.As(err, &full) != (i == 5) {
				t.Errorf("multi-Region cluster %d: got %v", i+1, err)
			}
		}
		if err := create(ohio, false); err != nil {
			t.Errorf("in another Region: got %v, want none", err)
		}
	})
}

func TestAPrincipalDoesWhatItMay(t *testing.T) {
	inBubble(t, "plain", func(t *testing.T) {
		may, err := model.ParsePermissions([]byte(fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["dsql:CreateCluster","dsql:GetCluster"],"Resource":"arn:aws:dsql:us-east-1:%s:cluster/*"}}`, reference.Account)))
		if err != nil {
			t.Fatal(err)
		}
		e := reference.New(reference.Options{Settle: settle, Principals: map[string]*model.Permissions{reference.AccessKey: may}})
		east, ohio := client(e, "us-east-1"), client(e, "us-east-2")
		made := active(t, east, dsql.CreateClusterInput{})
		var denied *types.AccessDeniedException
		if _, err := east.DeleteCluster(t.Context(), &dsql.DeleteClusterInput{Identifier: made.Identifier}); !errors.As(err, &denied) {
			t.Errorf("delete: got %v, want an AccessDeniedException", err)
		}
		if _, err := ohio.CreateCluster(t.Context(), &dsql.CreateClusterInput{}); !errors.As(err, &denied) {
			t.Errorf("create elsewhere: got %v, want an AccessDeniedException", err)
		}
		if n := len(e.World().Clusters); n != 1 || e.World().Clusters[0].Deleted {
			t.Errorf("got %d clusters, want the one, not deleted", n)
		}
	})
}
