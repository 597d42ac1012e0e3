package model

import "strings"

// The text form of replies and wants. Printing stands here, reading in
// parse_reply.go; what the words mean is said at [ParseReply].

// String returns the reply in one line, see [ParseReply]. It parses back to an
// equal reply if the reply is normal:
//   - a lost one has no other member, and a refusal has none but Code and Reason;
//   - a success has no Reason, and Multi wherever it has Witness, Members or Empty;
//   - it has no Status where Stream has a Handle or a Status;
//   - Members, Listed, Twice and the Listed and Twice of Stream are sorted, each
//     handle once and none of them 0, nor is any of Legacy.Linked;
//   - Members and each Twice are nil rather than empty; Empty excludes Members;
//   - Stream.Shown is as long as Stream.Listed, nil rather than empty;
//   - no version is negative;
//   - every code, status and switch is one of the named ones, and a text that
//     is not given is empty.
func (r Reply) String() string {
	switch {
	case r.Lost:
		return "lost"
	case r.Code != NoError:
		return words(r.Code.String(), optional("reason", r.Reason))
	}
	list := []string{"ok"}
	add := func(text string) { list = append(list, text) }
	stream := r.Stream.Handle != 0 || r.Stream.Status != NoStream
	// A place is held where what follows would be taken for it.
	if r.Cluster != 0 || stream && (r.Stream.Handle == 0 || r.Stream.Handle == UnknownStream) {
		add(r.Cluster.String())
	}
	if stream {
		add(r.Stream.Handle.String())
		add(r.Stream.Status.String())
	}
	add(r.Status.String())
	if r.Changed != "" {
		add("changed=" + changedText(r.Changed))
	}
	add(switchText("protection", r.Protection))
	add(flag("multi", r.Multi && !r.Witness.Given && !r.Empty && len(r.Members) == 0))
	add(maybe("witness", r.Witness))
	if r.Empty || len(r.Members) > 0 {
		add("clusters=" + handlesText(r.Members))
	}
	add(flag("tags="+r.Tags.String(), r.Tags.Len() > 0))
	add(flag("list="+handlesText(r.Listed), r.Listed != nil))
	add(flag("twice="+handlesText(r.Twice), len(r.Twice) > 0))
	if r.Service == anyService {
		add(anyService)
	} else {
		add(optional("service", r.Service))
	}
	add(r.Encryption.text())
	add(optional("policy", r.Policy.Text))
	add(flag("version="+versionText(r.Policy.Version), r.Policy.Version != 0))
	add(r.Stream.text())
	add(maybe("legacy-witness", r.Legacy.Witness))
	add(flag("linked="+handlesText(r.Legacy.Linked), r.Legacy.Linked != nil))
	return words(list...)
}

// text returns the members that e adds to a line, "" for none.
func (e Encryption) text() string {
	named := e.Type != NoEncryption || e.Status != NoEncryptionStatus
	return words(flag("encryption="+e.Type.String()+"/"+e.Status.String(), named), maybe("kms", e.Key))
}

// text returns the members that r adds to a line besides its handle and its
// status, "" for none.
func (r *StreamReply) text() string {
	listed := "[]"
	if len(r.Listed) > 0 {
		texts := make([]string, len(r.Listed))
		for i, h := range r.Listed {
			texts[i] = h.String()
			if i < len(r.Shown) && r.Shown[i] != NoStream {
				texts[i] += ":" + r.Shown[i].String()
			}
		}
		listed = strings.Join(texts, ",")
	}
	return words(optional("order", r.Ordering), optional("format", r.Format), switchText("target", r.Target),
		flag("reason", r.Reason), flag("streams="+listed, r.Listed != nil),
		flag("streams-twice="+join(r.Twice, ",", StreamHandle.String), len(r.Twice) > 0))
}

// String returns the allowed replies in one line, in the words of a [Reply]:
// alternatives are joined by "|", "(fresh)" marks an identifier never seen
// before, "(+c2)" a member that may be shown, "(-c2)" a cluster that must not be
// listed. It is for people and is not parsed.
func (w Want) String() string {
	if !w.Success() {
		return words(w.Codes.String(), optional("reason", w.Reason))
	}
	list := []string{"ok"}
	add := func(text string) { list = append(list, text) }
	if w.Cluster != 0 {
		add(w.Cluster.String())
	}
	add(flag("(fresh)", w.Fresh))
	add(w.Status.String())
	if w.Stream != nil {
		add(w.Stream.text())
	}
	add([...]string{"", "protection=off", "protection=on", "protection=on|off"}[w.Protection&(ShowsOff|ShowsOn)])
	named := len(w.Witness)+len(w.Must)+len(w.May) > 0
	switch {
	case w.Multi == Absent:
		add("multi=absent")
	case w.Multi == Whichever:
		add("multi=any")
	case w.Multi == Present && !named:
		add("multi")
	}
	add(flag("witness="+join(w.Witness, "|", regionText), len(w.Witness) > 0))
	add(flag("clusters="+exceptions(w.Must, "+", w.May), len(w.Must)+len(w.May) > 0))
	add(flag("tags="+join(w.Tags, "|", tagsText), w.Tags != nil))
	switch {
	case len(w.Listed)+len(w.Unlisted) > 0:
		add("list=" + exceptions(w.Listed, "-", w.Unlisted))
	case w.Listed != nil:
		add("list=any")
	}
	add(flag("service", w.Service))
	if w.Encryption != nil {
		add(w.Encryption.text())
	}
	if w.Policy != nil {
		add(w.Policy.text())
	}
	if w.Legacy != nil {
		add(w.Legacy.text())
	}
	return words(list...)
}

// anyService is the service name of a reply that says no more than that there
// was one; it prints as a bare word.
const anyService = "service"
