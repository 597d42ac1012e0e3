package model

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What stood in the storage of StepInto leaves no trace in what it returns, and
// neither way writes to the world that is asked.
func TestStepIntoIsStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &walker{world: World{Env: NewEnv()}}
		var buf []Outcome
		for range 12 {
			op := s.operation(t)
			was := s.world
			was.Clusters, was.Tokens, was.Streams = slices.Clone(was.Clusters), slices.Clone(was.Tokens), slices.Clone(was.Streams)
			want := Step(s.world, op)
			buf = StepInto(buf, &s.world, op)
			if !reflect.DeepEqual(buf, want) {
				t.Fatalf("%s: got %+v, want %+v", op, buf, want)
			}
			if !reflect.DeepEqual(s.world, was) {
				t.Fatalf("%s: got a changed world %+v, want %+v", op, s.world, was)
			}
			s.answer(t, op)
			s.drift(t)
		}
	})
}
