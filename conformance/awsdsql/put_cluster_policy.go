package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func putClusterPolicy(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	op, _ := call.Op.(model.PutClusterPolicy)
	out, err := c.PutClusterPolicy(ctx, &dsql.PutClusterPolicyInput{
		Identifier:                     aws.String(call.Identifier),
		Policy:                         aws.String(call.Policy),
		BypassPolicyLockoutSafetyCheck: op.Bypass == model.On,
		ExpectedPolicyVersion:          given(call.Expect),
		ClientToken:                    aws.String(call.Token),
	}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return conformance.Answer{PolicyVersion: aws.ToString(out.PolicyVersion)}, nil
}
