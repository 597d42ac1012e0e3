package awsdsql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dsql"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// listStreams asks for one page.
func listStreams(ctx context.Context, c *dsql.Client, call conformance.Call, how func(*dsql.Options)) (conformance.Answer, error) {
	op, _ := call.Op.(model.ListStreams)
	in := &dsql.ListStreamsInput{ClusterIdentifier: aws.String(call.Identifier), NextToken: next(call.Page, op.Next), MaxResults: most(op.Max)}
	out, err := c.ListStreams(ctx, in, how)
	if err != nil {
		return conformance.Answer{}, err
	}
	a := conformance.Answer{Page: aws.ToString(out.NextToken)}
	for _, row := range out.Streams {
		a.Streams = append(a.Streams, conformance.Stream{
			Cluster: aws.ToString(row.ClusterIdentifier), Identifier: aws.ToString(row.StreamIdentifier), ARN: aws.ToString(row.Arn),
			Status: string(row.Status), Created: aws.ToTime(row.CreationTime),
		})
	}
	return a, nil
}
