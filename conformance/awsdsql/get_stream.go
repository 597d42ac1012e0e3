package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"
	"github.com/aws/aws-sdk-go-v2/service/dsql/types"

	"dsqlconform/conformance"
)

func getStream(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	out, err := c.GetStream(ctx, &dsql.GetStreamInput{
		ClusterIdentifier: aws.String(call.Identifier),
		StreamIdentifier:  aws.String(call.Stream),
	}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	s := &conformance.Stream{
		Cluster: aws.ToString(out.ClusterIdentifier), Identifier: aws.ToString(out.StreamIdentifier), ARN: aws.ToString(out.Arn),
		Status: string(out.Status), Created: aws.ToTime(out.CreationTime),
		Ordering: string(out.Ordering), Format: string(out.Format), Reason: out.StatusReason != nil,
	}
	if target, ok := out.TargetDefinition.(*types.TargetDefinitionMemberKinesis); ok {
		s.Kinesis, s.Role = aws.ToString(target.Value.StreamArn), aws.ToString(target.Value.RoleArn)
	}
	return conformance.Answer{Stream: s, Tags: out.Tags}, nil
}
