package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
)

func deleteClusterPolicy(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	out, err := c.DeleteClusterPolicy(ctx, &dsql.DeleteClusterPolicyInput{
		Identifier:            aws.String(call.Identifier),
		ExpectedPolicyVersion: given(call.Expect),
		ClientToken:           aws.String(call.Token),
	}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return conformance.Answer{PolicyVersion: aws.ToString(out.PolicyVersion)}, nil
}
