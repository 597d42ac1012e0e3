package model_test

import (
	"errors"
	"fmt"

	"dsqlconform/model"
)

func ExampleParseSequence() {
	seq, err := model.ParseSequence(`# dsqlseq 1
# regions: us-east-1,us-east-2
c1 = create us-east-1 witness=us-west-2 token=t1
c2 = create us-east-2 witness=us-west-2 peers=c1
# both sides must name each other
update c1 witness=us-west-2 peers=c2
await c1 ACTIVE
update c1 protection=off !lost
get c1 @us-east-2
delete c1 !twice
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range seq.Lines {
		fmt.Printf("%-13s  %s\n", line.Op.Name(), line)
	}
	// Output:
	// CreateCluster  c1 = create us-east-1 witness=us-west-2 token=t1
	// CreateCluster  c2 = create us-east-2 witness=us-west-2 peers=c1
	// UpdateCluster  update c1 witness=us-west-2 peers=c2
	// await          await c1 ACTIVE
	// UpdateCluster  update c1 protection=off !lost
	// GetCluster     get c1 @us-east-2
	// DeleteCluster  delete c1 !twice
}

func ExampleSyntaxError() {
	_, err := model.ParseSequence("# dsqlseq 1\nc1 = create us-east-1 protection=yes\n")
	var syntax *model.SyntaxError
	if errors.As(err, &syntax) {
		fmt.Println(syntax.Line, syntax.Column)
	}
	fmt.Println(err)
	// Output:
	// 2 34
	// line 2, column 34: got protection "yes", want on or off
}

func ExampleSequence_String() {
	fmt.Print(model.Sequence{
		Seed:    5,
		Profile: "lifecycle",
		Lines: []model.Line{
			{Op: model.CreateCluster{As: 1, Region: "us-east-1", Protection: model.On}},
			{Op: model.DeleteCluster{Ref: model.C(1)}, Lost: true},
			{Op: model.GetCluster{Ref: model.Ref{Literal: "no such cluster"}, At: "us-east-2"}},
		},
	})
	// Output:
	// # dsqlseq 1
	// # seed: 5
	// # profile: lifecycle
	// c1 = create us-east-1 protection=on
	// delete c1 !lost
	// get "no such cluster" @us-east-2
}

func ExampleParseReply() {
	reply, err := model.ParseReply("ok c1 PENDING_SETUP protection=on clusters=c2,c1 witness=us-west-2")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(reply.Status, reply.Members)
	fmt.Println(reply)
	// Output:
	// PENDING_SETUP [c1 c2]
	// ok c1 PENDING_SETUP protection=on witness=us-west-2 clusters=c1,c2
}

func ExampleWant_String() {
	fmt.Println(model.Want{Codes: model.Codes(model.NotFound, model.Conflict)})
	fmt.Println(model.Want{
		Cluster: 1,
		Status:  model.Statuses(model.Creating, model.Active),
		Multi:   model.Present,
		Witness: []model.Region{"us-west-2"},
		Must:    []model.Handle{1},
		May:     []model.Handle{2},
	})
	// Output:
	// ResourceNotFoundException|ConflictException
	// ok c1 CREATING|ACTIVE witness=us-west-2 clusters=c1 (+c2)
}
