package awsdsql

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dsql"
	"github.com/aws/aws-sdk-go-v2/service/dsql/types"
	"github.com/google/go-cmp/cmp"

	"dsqlconform/model"
)

// The SDK is generated from AWS's own service description, so it is a second
// opinion on the shape table, which was written by hand.
func TestTheShapeTableAgreesWithTheSDK(t *testing.T) {
	outputs := map[string]any{
		"CreateCluster":             dsql.CreateClusterOutput{},
		"GetCluster":                dsql.GetClusterOutput{},
		"ListClusters":              dsql.ListClustersOutput{},
		"UpdateCluster":             dsql.UpdateClusterOutput{},
		"DeleteCluster":             dsql.DeleteClusterOutput{},
		"TagResource":               dsql.TagResourceOutput{},
		"UntagResource":             dsql.UntagResourceOutput{},
		"ListTagsForResource":       dsql.ListTagsForResourceOutput{},
		"GetVpcEndpointServiceName": dsql.GetVpcEndpointServiceNameOutput{},
		"PutClusterPolicy":          dsql.PutClusterPolicyOutput{},
		"GetClusterPolicy":          dsql.GetClusterPolicyOutput{},
		"DeleteClusterPolicy":       dsql.DeleteClusterPolicyOutput{},
		"CreateStream":              dsql.CreateStreamOutput{},
		"GetStream":                 dsql.GetStreamOutput{},
		"ListStreams":               dsql.ListStreamsOutput{},
		"DeleteStream":              dsql.DeleteStreamOutput{},
	}
	for _, shape := range model.Shapes(model.Current) {
		output, ok := outputs[shape.Name]
		if !ok {
			t.Errorf("%s: got no output of the SDK, want one", shape.Name)
			continue
		}
		agree(t, shape.Name, shape.Members, reflect.TypeOf(output))
	}
	for _, e := range []any{
		types.AccessDeniedException{}, types.ValidationException{}, types.ResourceNotFoundException{}, types.ConflictException{},
		types.ServiceQuotaExceededException{}, types.ThrottlingException{}, types.InternalServerException{},
	} {
		name := reflect.TypeOf(e).Name()
		shape, ok := model.ErrorShape(name)
		if !ok {
			t.Errorf("%s: got no shape, want one", name)
			continue
		}
		agree(t, name, shape.Members, reflect.TypeOf(e))
	}
}

// agree compares members with the fields of one of the SDK's structures.
func agree(t *testing.T, path string, members []model.Member, goType reflect.Type) {
	t.Helper()
	fields := map[string]reflect.Type{}
	for i := range goType.NumField() {
		f := goType.Field(i)
		if f.IsExported() && f.Name != "ResultMetadata" && f.Name != "ErrorCodeOverride" {
			fields[strings.ToLower(f.Name[:1])+f.Name[1:]] = f.Type
		}
	}
	var got, want []string
	for _, m := range members {
		got = append(got, m.Name)
		if goType, ok := fields[m.Name]; ok {
			agreeForm(t, path+"."+m.Name, m, goType)
		}
	}
	for name := range fields {
		want = append(want, name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: members (-SDK +table):\n%s", path, diff)
	}
}

func agreeForm(t *testing.T, path string, m model.Member, goType reflect.Type) {
	t.Helper()
	for goType.Kind() == reflect.Pointer {
		goType = goType.Elem()
	}
	var want model.Form
	switch {
	case goType == reflect.TypeFor[time.Time]():
		want = model.TimestampForm
	case goType.Kind() == reflect.String:
		want = model.StringForm
	case goType.Kind() == reflect.Bool:
		want = model.BooleanForm
	case goType.Kind() == reflect.Int32:
		want = model.IntegerForm
	case goType.Kind() == reflect.Slice:
		want = model.ListForm
		agreeForm(t, path+"[]", *m.Item, goType.Elem())
	case goType.Kind() == reflect.Map:
		want = model.MapForm
		agreeForm(t, path+"{}", *m.Item, goType.Elem())
	case goType == reflect.TypeFor[types.TargetDefinition]():
		want = model.StructureForm // a union of one member
		if len(m.Members) != 1 || m.Members[0].Name != "kinesis" {
			t.Errorf("%s: got %d members, want kinesis alone", path, len(m.Members))
			return
		}
		agree(t, path+".kinesis", m.Members[0].Members, reflect.TypeFor[types.KinesisTargetDefinition]())
	case goType.Kind() == reflect.Struct:
		want = model.StructureForm
		agree(t, path, m.Members, goType)
	}
	if m.Form != want {
		t.Errorf("%s: got form %v, want %v", path, m.Form, want)
	}
	var enum []string
	if values := reflect.Zero(goType).MethodByName("Values"); values.IsValid() {
		for _, v := range values.Call(nil)[0].Seq2() {
			enum = append(enum, v.String())
		}
	}
	slices.Sort(enum)
	if got := slices.Sorted(slices.Values(m.Enum)); !slices.Equal(got, enum) {
		t.Errorf("%s: got enumeration %q, want %q", path, got, enum)
	}
}
