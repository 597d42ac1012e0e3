package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"
	"github.com/aws/aws-sdk-go-v2/service/dsql/types"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func createStream(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	op, _ := call.Op.(model.CreateStream)
	ordering, format := streamOf(op)
	in := &dsql.CreateStreamInput{
		ClusterIdentifier: aws.String(call.Identifier),
		TargetDefinition: &types.TargetDefinitionMemberKinesis{Value: types.KinesisTargetDefinition{
			StreamArn: aws.String(call.Kinesis),
			RoleArn:   aws.String(call.Role),
		}},
		Ordering:    types.StreamOrdering(ordering),
		Format:      types.StreamFormat(format),
		ClientToken: aws.String(call.Token),
	}
	if op.GivenTags || op.Tags.Len() > 0 {
		in.Tags = op.Tags.Map()
	}
	out, err := c.CreateStream(ctx, in, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return conformance.Answer{Stream: &conformance.Stream{
		Cluster: aws.ToString(out.ClusterIdentifier), Identifier: aws.ToString(out.StreamIdentifier), ARN: aws.ToString(out.Arn),
		Status: string(out.Status), Created: aws.ToTime(out.CreationTime),
		Ordering: string(out.Ordering), Format: string(out.Format),
	}}, nil
}

// streamOf returns the ordering and the format that a CreateStream asks for:
// both are required, and there is one value of each (F173).
func streamOf(op model.CreateStream) (ordering, format string) {
	ordering, format = string(types.StreamOrderingUnordered), string(types.StreamFormatJson)
	if op.Ordering.Given {
		ordering = op.Ordering.Value
	}
	if op.Format.Given {
		format = op.Format.Value
	}
	return ordering, format
}
