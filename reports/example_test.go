package reports_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"dsqlconform/conformance"
	"dsqlconform/model"
	"dsqlconform/reports"
)

func ExampleNew() {
	r := reports.New(conformance.Result{Verdict: conformance.Conforms, Seed: 7, Operations: 120, Sequences: 9}, reports.Target{Name: "toy"})
	var text bytes.Buffer
	if err := reports.WriteJSON(&text, r); err != nil {
		fmt.Println(err)
		return
	}
	back, err := reports.ReadJSON(&text)
	fmt.Println(back.Verdict, back.Target.Name, back.Seed, err)
	// Output: conforms toy 7 <nil>
}

func ExampleScript() {
	s := model.Sequence{Lines: []model.Line{
		{Op: model.CreateCluster{As: 1, Region: "us-east-1", Protection: model.Off}},
		{Op: model.DeleteCluster{Ref: model.C(1)}, Twice: true},
	}}
	var script strings.Builder
	if err := reports.Script(&script, s); err != nil {
		fmt.Println(err)
		return
	}
	_, calls, _ := strings.Cut(script.String(), "\n# 2: ")
	fmt.Print(calls)
	// Output:
	// delete c1 !twice
	// aws dsql delete-cluster --endpoint-url "$ENDPOINT" --region us-east-1 --identifier "$c1" --client-token "$once1"
	// aws dsql delete-cluster --endpoint-url "$ENDPOINT" --region us-east-1 --identifier "$c1" --client-token "$once1"
}

func ExampleReadTrace() {
	const cut = `{"schema":"dsqlconform/trace/v1","seed":7}
{"profile":"lifecycle","seed":7,"execution":0,"sequence":"# dsqlseq 1\nlist us-east-1\n"}
{"profile":"lifecycle","seed":7,"exec`
	header, lines, err := reports.ReadTrace(strings.NewReader(cut))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("seed", header.Seed)
	for line, err := range lines {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(line.Profile, line.Execution)
	}
	// Output:
	// seed 7
	// lifecycle 0
	// trace: the last line is cut
}

func ExampleBug() {
	f := conformance.Finding{Rule: "DSQL-DEL-002", Operation: "DeleteCluster", Severity: conformance.Violation}
	if err := reports.Bug(os.Stderr, f, reports.Target{Endpoint: "http://127.0.0.1:8000"}); err != nil {
		fmt.Println(err)
	}
}
