package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// listClusters asks for one page.
func listClusters(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	op, _ := call.Op.(model.ListClusters)
	in := &dsql.ListClustersInput{NextToken: next(call.Page, op.Next), MaxResults: most(op.Max)}
	out, err := c.ListClusters(ctx, in, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	a := conformance.Answer{Page: aws.ToString(out.NextToken)}
	for _, row := range out.Clusters {
		a.Listed = append(a.Listed, conformance.Listed{Identifier: aws.ToString(row.Identifier), ARN: aws.ToString(row.Arn)})
	}
	return a, nil
}
