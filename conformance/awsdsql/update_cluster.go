package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

func updateCluster(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	op, _ := call.Op.(model.UpdateCluster)
	out, err := c.UpdateCluster(ctx, &dsql.UpdateClusterInput{
		Identifier:                aws.String(call.Identifier),
		ClientToken:               aws.String(call.Token),
		DeletionProtectionEnabled: boolOf(op.Protection),
		KmsEncryptionKey:          given(op.Key),
		MultiRegionProperties:     multiOf(op.Multi, call.Peers),
	}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return cluster(out.Identifier, out.Arn, out.Status, out.CreationTime), nil
}
