package speak

import (
	"cmp"
	"slices"
	"strings"

	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// body is what an answer may carry.
type body struct {
	Type       string `json:"__type"`
	Reason     string
	Identifier string
	Status     string
	Protection *bool `json:"deletionProtectionEnabled"`
	Multi      *struct {
		Witness  *string   `json:"witnessRegion"`
		Clusters *[]string `json:"clusters"`
	} `json:"multiRegionProperties"`
	Tags       map[string]string
	Clusters   []struct{ Identifier string }
	NextToken  string
	Service    string `json:"serviceName"`
	Encryption *struct {
		Type   string  `json:"encryptionType"`
		Status string  `json:"encryptionStatus"`
		Key    *string `json:"kmsKeyArn"`
	} `json:"encryptionDetails"`
	Policy  string
	Version string    `json:"policyVersion"`
	Witness *string   `json:"witnessRegion"`
	Linked  *[]string `json:"linkedClusterArns"`

	Cluster  string `json:"clusterIdentifier"`
	Stream   string `json:"streamIdentifier"`
	Ordering string
	Format   string
	Target   *struct{ Kinesis target } `json:"targetDefinition"`
	Why      any                       `json:"statusReason"`
	Streams  *[]struct {
		Stream string `json:"streamIdentifier"`
		Status string
	}
}

// read returns an answer in the model's terms, all but the rows of a listing,
// and binds what it made.
func (s *Speaker) read(op model.Op, q request, b *body) model.Reply {
	reply := model.Reply{Tags: model.NewTags(b.Tags), Service: b.Service}
	if create, ok := op.(model.CreateCluster); ok && b.Identifier != "" {
		s.bind(create.As, b.Identifier, q.region)
	}
	if b.Identifier != "" {
		reply.Cluster = s.handle(b.Identifier)
	}
	if b.Stream != "" {
		s.readStream(&reply, op, q, b)
	} else {
		reply.Status, _ = model.ParseStatus(b.Status)
	}
	if b.Protection != nil {
		reply.Protection = model.SwitchOf(*b.Protection)
	}
	if m := b.Multi; m != nil && (m.Witness != nil || m.Clusters != nil) {
		reply.Multi = true
		if m.Witness != nil {
			reply.Witness = model.Some(*m.Witness)
		}
		if m.Clusters != nil {
			reply.Members = s.members(*m.Clusters)
			reply.Empty = len(reply.Members) == 0
		}
	}
	if e := b.Encryption; e != nil {
		reply.Encryption.Type, _ = model.ParseEncryptionType(e.Type)
		reply.Encryption.Status, _ = model.ParseEncryptionStatus(e.Status)
		if e.Key != nil {
			reply.Encryption.Key = model.Some(*e.Key)
		}
	}
	if b.Policy != "" {
		reply.Policy.Text = model.CanonicalPolicy(strings.ReplaceAll(b.Policy, reference.Account, "${account}"))
	}
	if b.Version != "" {
		reply.Policy.Version = s.version(q.cluster, b.Version)
	}
	if b.Witness != nil {
		reply.Legacy.Witness = model.Some(*b.Witness)
	}
	if b.Linked != nil {
		if create, ok := op.(model.CreateMultiRegionClusters); ok {
			reply.Legacy.Linked = s.bindLinked(create, *b.Linked)
		} else {
			reply.Legacy.Linked = append([]model.Handle{}, s.members(*b.Linked)...)
		}
	}
	return reply
}

func (s *Speaker) readStream(reply *model.Reply, op model.Op, q request, b *body) {
	reply.Cluster = s.handle(cmp.Or(b.Cluster, q.cluster))
	if create, ok := op.(model.CreateStream); ok {
		s.streams[create.As] = b.Stream
		if _, bound := s.channels[b.Stream]; !bound {
			s.channels[b.Stream] = channel{create.As, s.target(create, q.region)}
		}
	}
	made, known := s.channels[b.Stream]
	if !known {
		made.handle = model.UnknownStream
	}
	status, _ := model.ParseStreamStatus(b.Status)
	reply.Stream = model.StreamReply{Handle: made.handle, Status: status, Ordering: b.Ordering, Format: b.Format, Reason: b.Why != nil}
	if b.Target != nil {
		reply.Stream.Target = model.SwitchOf(known && b.Target.Kinesis == made.target)
	}
}

// members returns the clusters of a list of ARNs, sorted, each once.
func (s *Speaker) members(arns []string) []model.Handle {
	var list []model.Handle
	for _, arn := range arns {
		_, id, _ := strings.Cut(arn, ":cluster/")
		list = append(list, s.handle(id))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// bindLinked gives the new clusters the names that are meant for their Regions.
func (s *Speaker) bindLinked(op model.CreateMultiRegionClusters, arns []string) []model.Handle {
	list := []model.Handle{}
	taken := make([]bool, len(op.As))
	for _, arn := range arns {
		place, id, _ := strings.Cut(strings.TrimPrefix(arn, "arn:aws:dsql:"), ":"+reference.Account+":cluster/")
		for i, region := range op.Linked[:min(len(op.Linked), len(op.As))] {
			if !taken[i] && string(region) == place {
				taken[i] = true
				s.bind(op.As[i], id, region)
				break
			}
		}
		list = append(list, s.handle(id))
	}
	return list
}

// listing gathers the rows of all pages.
type listing struct {
	clusters []model.Handle
	streams  []model.StreamHandle
	shown    map[model.StreamHandle]model.StreamStatus // nil unless streams were listed
}

// list adds the rows of a page that are ours.
func (s *Speaker) list(all *listing, b *body) {
	for _, row := range b.Clusters {
		if h, ours := s.first[row.Identifier]; ours {
			all.clusters = append(all.clusters, h)
		}
	}
	if b.Streams == nil {
		return
	}
	if all.shown == nil {
		all.shown = map[model.StreamHandle]model.StreamStatus{}
	}
	for _, row := range *b.Streams {
		if c, ours := s.channels[row.Stream]; ours {
			all.streams = append(all.streams, c.handle)
			all.shown[c.handle], _ = model.ParseStreamStatus(row.Status)
		}
	}
}

// into puts the rows into a reply.
func (l *listing) into(reply *model.Reply) {
	reply.Listed, reply.Twice = once(l.clusters)
	if l.shown == nil {
		return
	}
	listed, twice := once(l.streams)
	reply.Stream.Listed, reply.Stream.Twice = append([]model.StreamHandle{}, listed...), twice
	for _, h := range listed {
		reply.Stream.Shown = append(reply.Stream.Shown, l.shown[h])
	}
}

// once returns a list sorted, each element once, and those that came more often.
func once[T cmp.Ordered](list []T) (single, twice []T) {
	slices.Sort(list)
	for i, v := range list {
		if i > 0 && list[i-1] == v {
			twice = append(twice, v)
		}
	}
	return slices.Compact(list), slices.Compact(twice)
}
