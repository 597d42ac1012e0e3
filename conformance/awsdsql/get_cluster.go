package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
)

func getCluster(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	out, err := c.GetCluster(ctx, &dsql.GetClusterInput{Identifier: aws.String(call.Identifier)}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	a := cluster(out.Identifier, out.Arn, out.Status, out.CreationTime)
	a.Protection, a.Multi, a.Tags = out.DeletionProtectionEnabled, multi(out.MultiRegionProperties), out.Tags
	a.Encryption = encryption(out.EncryptionDetails)
	return a, nil
}
