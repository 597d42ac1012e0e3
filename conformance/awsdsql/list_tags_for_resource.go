package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
)

func listTagsForResource(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	out, err := c.ListTagsForResource(ctx, &dsql.ListTagsForResourceInput{ResourceArn: aws.String(call.ARN)}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return conformance.Answer{Tags: out.Tags}, nil
}
