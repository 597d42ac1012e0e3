package reference

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dsqlconform/model"
)

// route is where an operation is asked: a method and the segments of a path, of
// which those in braces stand for members.
type route struct {
	method   string
	segments []string
	shape    model.Shape
	open     model.Shape // without the members in the path, which the model judges
}

// routes returns the table of routes of a revision.
func routes(rev model.Revision) []route {
	var table []route
	for _, s := range model.Shapes(rev) {
		open := s
		open.Request = slices.DeleteFunc(slices.Clone(s.Request), func(m model.Member) bool { return m.Location == model.InPath })
		table = append(table, route{s.Method, strings.Split(strings.TrimPrefix(s.Path, "/"), "/"), s, open})
	}
	return table
}

// bind returns the members in the path, by name, and whether it is a path of the
// route.
func (r *route) bind(path []string) (members map[string]string, ok bool) {
	if len(path) != len(r.segments) {
		return nil, false
	}
	members = map[string]string{}
	for i, s := range r.segments {
		switch name, member := strings.CutPrefix(s, "{"); {
		case member:
			members[strings.TrimSuffix(name, "}")] = path[i]
		case s != path[i]:
			return nil, false
		}
	}
	return members, true
}

// find returns the route of a request with the members in its path, or the
// refusal of one that has none.
func find(table []route, r *http.Request) (*route, map[string]string, *answer) {
	path, ok := segments(r.URL)
	known := false
	for i := range table {
		members, here := table[i].bind(path)
		if here && ok && table[i].method == r.Method {
			return &table[i], members, nil
		}
		known = known || here
	}
	if known {
		return nil, nil, frontDoor(http.StatusMethodNotAllowed, "UnknownOperationException", "there is no such operation on this path")
	}
	return nil, nil, frontDoor(http.StatusNotFound, "UnknownOperationException", "there is no such operation")
}

// segments returns the segments of a path, unescaped, and whether they can be.
// Paths are split by hand: [http.ServeMux] would redirect the identifiers "."
// and "..".
func segments(u *url.URL) ([]string, bool) {
	path, ok := strings.CutPrefix(u.EscapedPath(), "/")
	if !ok {
		return nil, false
	}
	list := strings.Split(path, "/")
	for i, s := range list {
		plain, err := url.PathUnescape(s)
		if err != nil {
			return nil, false
		}
		list[i] = plain
	}
	return slices.Clip(list), true
}
