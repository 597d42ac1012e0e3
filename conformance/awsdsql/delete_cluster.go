package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
)

func deleteCluster(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	out, err := c.DeleteCluster(ctx, &dsql.DeleteClusterInput{
		Identifier:  aws.String(call.Identifier),
		ClientToken: aws.String(call.Token),
	}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return cluster(out.Identifier, out.Arn, out.Status, out.CreationTime), nil
}
