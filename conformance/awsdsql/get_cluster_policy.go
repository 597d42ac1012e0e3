package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
)

func getClusterPolicy(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	out, err := c.GetClusterPolicy(ctx, &dsql.GetClusterPolicyInput{Identifier: aws.String(call.Identifier)}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return conformance.Answer{Policy: out.Policy, PolicyVersion: aws.ToString(out.PolicyVersion)}, nil
}
