package reference_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"
	"github.com/aws/aws-sdk-go-v2/service/dsql/types"

	"dsqlconform/conformance/reference"
)

// direct hands requests to an endpoint without a socket.
type direct struct{ e http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	d.e.ServeHTTP(w, r)
	resp := w.Result()
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, err
}

// client returns the AWS SDK's client of an endpoint in a Region.
func client(e http.Handler, region string, change ...func(*dsql.Options)) *dsql.Client {
	opts := dsql.Options{
		BaseEndpoint: aws.String("http://dsql.test"),
		Region:       region,
		HTTPClient:   direct{e},
		Retryer:      aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: reference.AccessKey, SecretAccessKey: reference.SecretKey}, nil
		}),
	}
	for _, c := range change {
		c(&opts)
	}
	return dsql.New(opts)
}

// until polls a cluster until it shows a status, or is gone for "". The clock is
// that of the test's bubble, as it is the one that the SDK signs by.
func until(t *testing.T, d *dsql.Client, id *string, want types.ClusterStatus) {
	t.Helper()
	var got types.ClusterStatus
	for range 100 {
		out, err := d.GetCluster(t.Context(), &dsql.GetClusterInput{Identifier: id})
		var gone *types.ResourceNotFoundException
		switch {
		case errors.As(err, &gone) && want == "":
			return
		case err != nil:
			t.Fatal(err)
		case out.Status == want:
			return
		}
		got = out.Status
		time.Sleep(settle / 10)
	}
	t.Fatalf("got status %q for ever, want %q", got, want)
}

// calm leaves out the temperaments that may refuse or lose what the documents
// do not promise.
func calm(name string) bool { return !slices.Contains([]string{"failing", "quota"}, name) }

// inBubble runs a test where time passes at once.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestASingleRegionClusterLivesAndDiesUnderEveryTemperament(t *testing.T) {
	for _, temperament := range reference.Temperaments() {
		if !calm(temperament.Name) {
			continue
		}
		inBubble(t, temperament.Name, func(t *testing.T) {
			e := reference.New(reference.Options{Temperament: temperament, Settle: settle})
			d := client(e, "us-east-1")
			made := must[*dsql.CreateClusterOutput](t)(d.CreateCluster(t.Context(), &dsql.CreateClusterInput{Tags: map[string]string{"a": "x"}}))
			if made.Status != types.ClusterStatusCreating || !*made.DeletionProtectionEnabled || !made.CreationTime.Equal(time.Now()) {
				t.Errorf("got %s, protection %v, created %s, want CREATING, true, %s", made.Status, *made.DeletionProtectionEnabled, made.CreationTime, time.Now())
			}
			until(t, d, made.Identifier, types.ClusterStatusActive)
			_, err := d.DeleteCluster(t.Context(), &dsql.DeleteClusterInput{Identifier: made.Identifier})
			var invalid *types.ValidationException
			if !errors.As(err, &invalid) || invalid.Reason != types.ValidationExceptionReasonDeletionProtectionEnabled {
				t.Errorf("delete of a protected cluster: got %v, want a ValidationException for its protection", err)
			}
			got := must[*dsql.GetClusterOutput](t)(d.GetCluster(t.Context(), &dsql.GetClusterInput{Identifier: made.Identifier}))
			if *got.Arn != *made.Arn || got.Tags["a"] != "x" {
				t.Errorf("got %s with tags %v, want %s with a=x", *got.Arn, got.Tags, *made.Arn)
			}
			must[*dsql.TagResourceOutput](t)(d.TagResource(t.Context(), &dsql.TagResourceInput{ResourceArn: made.Arn, Tags: map[string]string{"b": "y"}}))
			tags := must[*dsql.ListTagsForResourceOutput](t)(d.ListTagsForResource(t.Context(), &dsql.ListTagsForResourceInput{ResourceArn: made.Arn}))
			if len(tags.Tags) != 2 {
				t.Errorf("got tags %v, want a and b", tags.Tags)
			}
			must[*dsql.GetVpcEndpointServiceNameOutput](t)(d.GetVpcEndpointServiceName(t.Context(), &dsql.GetVpcEndpointServiceNameInput{Identifier: made.Identifier}))
			must[*dsql.UpdateClusterOutput](t)(d.UpdateCluster(t.Context(), &dsql.UpdateClusterInput{Identifier: made.Identifier, DeletionProtectionEnabled: aws.Bool(false)}))
			until(t, d, made.Identifier, types.ClusterStatusActive)
			gone := must[*dsql.DeleteClusterOutput](t)(d.DeleteCluster(t.Context(), &dsql.DeleteClusterInput{Identifier: made.Identifier}))
			if gone.Status != types.ClusterStatusDeleting {
				t.Errorf("got %s, want DELETING", gone.Status)
			}
			until(t, d, made.Identifier, "")
		})
	}
}

func TestAPairIsSetUpAndDeletedUnderEveryTemperament(t *testing.T) {
	for _, temperament := range reference.Temperaments() {
		for _, calls := range []int{3, 4} {
			if !calm(temperament.Name) {
				continue
			}
			inBubble(t, temperament.Name, func(t *testing.T) {
				e := reference.New(reference.Options{Temperament: temperament, Settle: settle})
				east, ohio := client(e, "us-east-1"), client(e, "us-east-2")
				multi := func(peers ...string) *types.MultiRegionProperties {
					return &types.MultiRegionProperties{WitnessRegion: aws.String("us-west-2"), Clusters: peers}
				}
				a := must[*dsql.CreateClusterOutput](t)(east.CreateCluster(t.Context(), &dsql.CreateClusterInput{MultiRegionProperties: multi(), DeletionProtectionEnabled: aws.Bool(false)}))
				if a.Status != types.ClusterStatusPendingSetup {
					t.Fatalf("got %s, want PENDING_SETUP", a.Status)
				}
				second := &dsql.CreateClusterInput{MultiRegionProperties: multi(), DeletionProtectionEnabled: aws.Bool(false)}
				if calls == 3 {
					second.MultiRegionProperties = multi(*a.Arn)
				}
				b := must[*dsql.CreateClusterOutput](t)(ohio.CreateCluster(t.Context(), second))
				must[*dsql.UpdateClusterOutput](t)(east.UpdateCluster(t.Context(), &dsql.UpdateClusterInput{Identifier: a.Identifier, MultiRegionProperties: multi(*b.Arn)}))
				if calls == 4 {
					time.Sleep(settle * 3)
					got := must[*dsql.GetClusterOutput](t)(east.GetCluster(t.Context(), &dsql.GetClusterInput{Identifier: a.Identifier}))
					if got.Status != types.ClusterStatusPendingSetup && got.Status != types.ClusterStatusUpdating {
						t.Errorf("before the naming is mutual got %s, want PENDING_SETUP or UPDATING", got.Status)
					}
					until(t, ohio, b.Identifier, types.ClusterStatusPendingSetup)
					must[*dsql.UpdateClusterOutput](t)(ohio.UpdateCluster(t.Context(), &dsql.UpdateClusterInput{Identifier: b.Identifier, MultiRegionProperties: multi(*a.Arn)}))
				}
				until(t, east, a.Identifier, types.ClusterStatusActive)
				until(t, ohio, b.Identifier, types.ClusterStatusActive)
				got := must[*dsql.GetClusterOutput](t)(east.GetCluster(t.Context(), &dsql.GetClusterInput{Identifier: a.Identifier}))
				want := []string{*a.Arn, *b.Arn}
				slices.Sort(want)
				if !slices.Equal(got.MultiRegionProperties.Clusters, want) {
					t.Errorf("got members %v, want %v", got.MultiRegionProperties.Clusters, want)
				}
				for _, m := range []struct {
					d  *dsql.Client
					id *string
				}{{east, a.Identifier}, {ohio, b.Identifier}} {
					out := must[*dsql.DeleteClusterOutput](t)(m.d.DeleteCluster(t.Context(), &dsql.DeleteClusterInput{Identifier: m.id}))
					if out.Status != types.ClusterStatusPendingDelete {
						t.Errorf("got %s, want PENDING_DELETE", out.Status)
					}
					time.Sleep(time.Millisecond)
				}
				until(t, east, a.Identifier, "")
				until(t, ohio, b.Identifier, "")
			})
		}
	}
}

func TestAListingIsPagedByRegion(t *testing.T) {
	e := reference.New(reference.Options{})
	east, ohio := client(e, "us-east-1"), client(e, "us-east-2")
	for range 7 {
		must[*dsql.CreateClusterOutput](t)(east.CreateCluster(t.Context(), &dsql.CreateClusterInput{}))
	}
	must[*dsql.CreateClusterOutput](t)(ohio.CreateCluster(t.Context(), &dsql.CreateClusterInput{}))
	seen := map[string]bool{}
	var next *string
	for p := dsql.NewListClustersPaginator(east, &dsql.ListClustersInput{MaxResults: aws.Int32(3)}); p.HasMorePages(); {
		page := must[*dsql.ListClustersOutput](t)(p.NextPage(t.Context()))
		if len(page.Clusters) > 3 {
			t.Errorf("got a page of %d, want at most 3", len(page.Clusters))
		}
		for _, row := range page.Clusters {
			seen[*row.Identifier] = true
		}
		if page.NextToken != nil {
			next = page.NextToken
		}
	}
	if len(seen) != 7 {
		t.Errorf("got %d clusters, want 7", len(seen))
	}
	var invalid *types.ValidationException
	if _, err := ohio.ListClusters(t.Context(), &dsql.ListClustersInput{NextToken: next}); !errors.As(err, &invalid) {
		t.Errorf("a token of another Region: got %v, want a ValidationException", err)
	}
	if _, err := east.ListClusters(t.Context(), &dsql.ListClustersInput{MaxResults: aws.Int32(101)}); !errors.As(err, &invalid) {
		t.Errorf("101 results: got %v, want a ValidationException", err)
	}
}
