package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func tagResource(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	op, _ := call.Op.(model.TagResource)
	_, err := c.TagResource(ctx, &dsql.TagResourceInput{ResourceArn: aws.String(call.ARN), Tags: op.Tags.Map()}, how)
	return conformance.Answer{}, err
}
