package conformance_test

import (
	"context"
	"fmt"
	"log"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"dsqlconform/conformance"
	"dsqlconform/conformance/awsdsql"
	"dsqlconform/conformance/mutants"
	"dsqlconform/conformance/reference"
	"dsqlconform/conformance/weather"
	"dsqlconform/model"
)

// A target is an endpoint that is asked through the SDK. This one is the
// reference endpoint, without a socket.
func exampleTarget(mutant string) conformance.Target {
	temper, _ := reference.LookupTemperament("fast")
	m, _ := mutants.Lookup(mutant)
	target, err := awsdsql.New(awsdsql.Options{
		Endpoint:    "http://127.0.0.1:4566",
		Transport:   weather.InProcess(m.Handler(reference.Options{Temperament: temper})),
		Credentials: credentials.NewStaticCredentialsProvider(reference.AccessKey, reference.SecretKey, ""),
	})
	if err != nil {
		log.Fatal(err)
	}
	return target
}

func Example() {
	// In a file that ends in _test.go:
	_ = func(t *testing.T) {
		target, err := awsdsql.New(awsdsql.Options{Endpoint: "http://127.0.0.1:4566"})
		if err != nil {
			t.Fatal(err)
		}
		conformance.Run(t, target)
	}
}

func ExampleCheck() {
	result, err := conformance.Check(context.Background(), exampleTarget(""), conformance.With(conformance.Settings{Sequences: 32}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Verdict, len(result.Findings))
	// Output: conforms 0
}

func ExampleReplay() {
	sequence, err := model.ParseSequence("# dsqlseq 1\nc1 = create us-east-1\ndelete c1\n")
	if err != nil {
		log.Fatal(err)
	}
	trace, err := conformance.Replay(context.Background(), exampleTarget("delete-protected"), sequence)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range trace.Findings {
		fmt.Println(f.Signature())
	}
	// Output: DSQL-DEL-002/DeleteCluster/ACTIVE/single/success
}
