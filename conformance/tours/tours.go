package tours

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	"dsqlconform/model"
)

// Profile is the profile that the header of every sequence of a tour names.
const Profile = "tour"

// plain is the temperament whose tour comes first: it takes the documented path,
// and so does most of what may be met.
const plain = "plain"

// Tour is sequences for a service of one temperament: they cover what is theirs of
// everything that all tours cover together.
type Tour struct {
	Temperament string
	Sequences   []model.Sequence // each from an empty account; their order is of no account
}

// Lines returns how many lines the sequences have in all.
func (t *Tour) Lines() int {
	n := 0
	for i := range t.Sequences {
		n += len(t.Sequences[i].Lines)
	}
	return n
}

// files holds a directory for each temperament.
//
//go:embed */*.dsqlseq
var files embed.FS

// Tours returns the tours, that of the temperament "plain" first and the others
// by name. Callers must not change them.
var Tours = sync.OnceValue(func() []Tour {
	list, err := read(files)
	if err != nil {
		panic(err) // what is embedded is under test
	}
	return list
})

// Sequences returns the sequences of all tours, plain's first: what a target walks
// whose temperament nobody knows.
func Sequences() []model.Sequence {
	var list []model.Sequence
	for _, t := range Tours() {
		list = append(list, t.Sequences...)
	}
	return list
}

// Lookup returns the tour of a temperament, and whether there is one.
func Lookup(temperament string) (Tour, bool) {
	for _, t := range Tours() {
		if t.Temperament == temperament {
			return t, true
		}
	}
	return Tour{}, false
}

// read reads the tours of a directory.
func read(dir fs.FS) ([]Tour, error) {
	names, err := fs.Glob(dir, "*/*.dsqlseq")
	if err != nil {
		return nil, err
	}
	var list []Tour
	for _, name := range names { // sorted
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		seq, err := model.ParseSequence(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if of := path.Dir(name); len(list) == 0 || list[len(list)-1].Temperament != of {
			list = append(list, Tour{Temperament: of})
		}
		last := &list[len(list)-1]
		last.Sequences = append(last.Sequences, seq)
	}
	slices.SortStableFunc(list, func(a, b Tour) int { return cmp.Compare(order(a.Temperament), order(b.Temperament)) })
	return list, nil
}

// order puts plain before what is sorted.
func order(temperament string) int {
	if temperament == plain {
		return 0
	}
	return 1
}
