// Package norapid takes rapid's settings out of the environment of a program
// that uses rapid only to draw values.
//
// rapid reads the variables RAPID_* when the program starts, and one that it
// cannot parse makes it panic before main. This package comes first: it imports
// nothing that rapid does not, and packages that are ready are initialised in
// the order of their import paths. A test holds that it does.
package norapid

import (
	"os"
	"strings"
)

func init() {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "RAPID_") {
			os.Unsetenv(name) //nolint:errcheck // a name that was listed
		}
	}
}
