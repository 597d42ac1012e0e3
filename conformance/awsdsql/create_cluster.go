package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func createCluster(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	op, _ := call.Op.(model.CreateCluster)
	in := &dsql.CreateClusterInput{
		ClientToken:               aws.String(call.Token),
		DeletionProtectionEnabled: boolOf(op.Protection),
		KmsEncryptionKey:          given(op.Key),
		MultiRegionProperties:     multiOf(op.Multi, call.Peers),

		BypassPolicyLockoutSafetyCheck: op.Bypass == model.On,
	}
	if op.Policy.Given {
		in.Policy = aws.String(call.Policy)
	}
	if op.GivenTags || op.Tags.Len() > 0 {
		in.Tags = op.Tags.Map()
	}
	out, err := c.CreateCluster(ctx, in, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	a := cluster(out.Identifier, out.Arn, out.Status, out.CreationTime)
	a.Protection, a.Multi, a.Encryption = out.DeletionProtectionEnabled, multi(out.MultiRegionProperties), encryption(out.EncryptionDetails)
	return a, nil
}
