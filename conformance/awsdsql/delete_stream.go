package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
)

func deleteStream(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	out, err := c.DeleteStream(ctx, &dsql.DeleteStreamInput{
		ClusterIdentifier: aws.String(call.Identifier),
		StreamIdentifier:  aws.String(call.Stream),
		ClientToken:       aws.String(call.Token),
	}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return conformance.Answer{Stream: &conformance.Stream{
		Cluster: aws.ToString(out.ClusterIdentifier), Identifier: aws.ToString(out.StreamIdentifier), ARN: aws.ToString(out.Arn),
		Status: string(out.Status), Created: aws.ToTime(out.CreationTime),
	}}, nil
}
