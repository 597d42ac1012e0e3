package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func untagResource(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	op, _ := call.Op.(model.UntagResource)
	// The SDK refuses to send no list, but sends an empty one.
	keys := append([]string{}, op.Keys...)
	_, err := c.UntagResource(ctx, &dsql.UntagResourceInput{ResourceArn: aws.String(call.ARN), TagKeys: keys}, how)
	return conformance.Answer{}, err
}
