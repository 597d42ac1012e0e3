package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
)

func getVpcEndpointServiceName(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	out, err := c.GetVpcEndpointServiceName(ctx, &dsql.GetVpcEndpointServiceNameInput{Identifier: aws.String(call.Identifier)}, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	return conformance.Answer{Service: aws.ToString(out.ServiceName)}, nil
}
