package model

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// plentyTags is how many tags a cluster can be relied on to take: the model of
// the service allows 200 in one request, and a smaller quota may stand (F147).
const plentyTags = 50

// badTags reports whether tags break the documented limits (F145, F146).
func badTags(t Tags) bool {
	n := 0
	for k, v := range t.All() {
		n++
		if badTagKey(k) || utf8.RuneCountInString(v) > 256 || strings.ContainsFunc(v, notTagRune) {
			return true
		}
	}
	return n > 200
}

func badTagKey(k string) bool {
	return k == "" || utf8.RuneCountInString(k) > 128 || strings.HasPrefix(k, "aws:") || strings.ContainsFunc(k, notTagRune)
}

func notTagRune(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_.:/=+-@ ", r))
}

// badToken reports whether a literal token breaks the pattern of ClientToken:
// 1 to 128 printable ASCII characters. Symbolic tokens are well-formed unless
// their length says otherwise.
func badToken(t Token) bool {
	if !t.Literal.Given {
		return t.Length > 128
	}
	s := t.Literal.Value
	return s == "" || len(s) > 128 || strings.ContainsFunc(s, func(r rune) bool { return r < '!' || r > '~' })
}

// badKey reports whether a kmsEncryptionKey breaks its pattern.
func badKey(k Maybe) bool {
	if !k.Given {
		return false
	}
	return k.Value == "" || len(k.Value) > 2048 || strings.ContainsFunc(k.Value, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(":/_-", r))
	})
}

// keyOf returns the key in the cluster's terms: AWS_OWNED_KMS_KEY and none are
// the same (F078).
func keyOf(k Maybe) string {
	if k.Value == "AWS_OWNED_KMS_KEY" {
		return ""
	}
	return k.Value
}

// ownWitness reports whether the request's witness is the cluster's Region.
func ownWitness(m *MultiRegion, own Region) bool {
	return m != nil && m.Witness.Given && Region(m.Witness.Value) == own
}

// twicePeer reports whether the request lists a peer twice.
func twicePeer(m *MultiRegion) bool {
	if m == nil {
		return false
	}
	for i, p := range m.Peers {
		if slices.Contains(m.Peers[:i], p) {
			return true
		}
	}
	return false
}

// brokenMulti reports whether the request names a peer that is no ARN of a
// cluster, or a witness of more than 50 characters.
func brokenMulti(m *MultiRegion) bool {
	return m != nil && (utf8.RuneCountInString(m.Witness.Value) > 50 || slices.ContainsFunc(m.Peers, malformed))
}

// handles returns the handles of references; a literal, which names no cluster
// of the run, becomes Unknown.
func handles(refs []Ref) []Handle {
	list := make([]Handle, 0, len(refs))
	for _, r := range refs {
		if r.Handle == 0 {
			list = append(list, Unknown)
		} else {
			list = append(list, r.Handle)
		}
	}
	return list
}

// existing returns the handles of references as clusters keep them: what names
// no cluster yet names none later, since its identifier will be another's.
func existing(w *World, refs []Ref) []Handle {
	list := handles(refs)
	for i, h := range list {
		if c, ok := w.Find(h); !ok || c.Nameless {
			list[i] = Unknown
		}
	}
	return list
}

// oddMulti reports whether the properties of a request, taken by themselves,
// are anything but the documented: a witness that is another Region of the same
// set, and either no list or a list of exactly one peer besides the cluster.
func oddMulti(w *World, m *MultiRegion, own Region, self Handle) bool {
	if m == nil {
		return false
	}
	if !m.Witness.Given || !w.Env.together(own, Region(m.Witness.Value)) {
		return true
	}
	return m.GivenPeers && peerArray(handles(m.Peers), self)[0] == 0 || peerArray(handles(m.Peers), self)[1] != 0
}

// oddPeer reports whether a peer of the request is anything but a cluster that
// waits for this one: live, of another Region of the set, with the same witness,
// not deleted, naming nobody else.
func oddPeer(w *World, m *MultiRegion, own Region, self Handle) bool {
	if m == nil {
		return false
	}
	for _, h := range peerList(peerArray(handles(m.Peers), self)) {
		p, ok := w.Live(h)
		if !ok || p.Nameless || !p.Multi || p.Deleted || p.Before.Valid && p.Before.Peers != p.Peers && p.Before.Peers != [MaxPeers]Handle{} ||
			!(p.Status == PendingSetup || p.Status == Updating && p.Origin == PendingSetup || p.Status == Creating) ||
			p.Joined || p.Witness != Region(m.Witness.Value) || p.Region == own || p.Region == p.Witness || !w.Env.together(p.Region, own) ||
			p.Peers != [MaxPeers]Handle{} && p.Peers != [MaxPeers]Handle{self} {
			return true
		}
		// A create cannot have been named yet, so a peer that names anybody
		// names somebody else.
		if self == 0 && p.Peers != [MaxPeers]Handle{} {
			return true
		}
		if p.Status == Creating && p.Peers == [MaxPeers]Handle{} {
			return true
		}
	}
	return false
}

// youngPeer reports whether a peer is younger than the read lag.
func youngPeer(w *World, m *MultiRegion) bool {
	if m == nil {
		return false
	}
	for _, r := range m.Peers {
		if young(w, r) {
			return true
		}
	}
	return false
}

// shown returns the set that holds one value of deletion protection.
func shown(on bool) Protections {
	if on {
		return ShowsOn
	}
	return ShowsOff
}

// witnessesOf returns the witness Regions that a read of c may show.
func witnessesOf(c *Cluster) []Region {
	if c.Before.Valid && c.Before.Witness != c.Witness {
		return []Region{c.Witness, c.Before.Witness}
	}
	return []Region{c.Witness}
}

func without(list []Handle, h Handle) []Handle {
	return slices.DeleteFunc(slices.Clone(list), func(x Handle) bool { return x == h })
}
