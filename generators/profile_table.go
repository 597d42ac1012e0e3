package generators

// profiles is the table of profiles. Awaits cost real time, so each profile
// gives them no more than it takes to see that what must move does.
var profiles = []Profile{
	{
		Name: "lifecycle", Says: "single-Region clusters from create to not found", Weight: 4,
		Steps: 12, Clusters: 4,
		Operations: map[string]int{
			"CreateCluster":             6,
			"GetCluster":                5, // the status is the subject: look often
			"UpdateCluster":             5,
			"DeleteCluster":             5, // half of the edges of the lifecycle begin here
			"ListClusters":              2,
			"await":                     6, // each edge is judged only where it was waited for
			"TagResource":               1, // that they leave the lifecycle alone
			"UntagResource":             1,
			"ListTagsForResource":       1,
			"GetVpcEndpointServiceName": 2, // no other profile asks for it as often
		},
		MultiRegion: 10, Hostile: 12, Again: 3, Tokens: 25, Tagged: 15, Protected: 35, Twice: 2, Lost: 1, Retries: 1,
	},
	{
		Name: "multiregion", Says: "peering, witnesses and the deletion of linked clusters", Weight: 5,
		Steps: 18, Clusters: 4, // a pair's whole life takes nine operations; another may join it
		Operations: map[string]int{
			"CreateCluster": 5,
			"UpdateCluster": 8, // the naming of peers, which everything else waits for
			"GetCluster":    4,
			"DeleteCluster": 6,
			"await":         6,
			"ListClusters":  1,
			"TagResource":   1, // that tags stay with one member
		},
		MultiRegion: 88, Hostile: 12, Again: 2, Tokens: 15, Tagged: 5, Protected: 15, Twice: 2, Lost: 1, Retries: 1,
		keep: multiFeature,
	},
	{
		Name: "idempotency", Says: "client tokens: replays, near misses and reuse", Weight: 3,
		Steps: 12, Clusters: 4,
		Operations: map[string]int{
			"CreateCluster": 6, // only a create must return the original result
			"UpdateCluster": 4,
			"DeleteCluster": 4,
			"GetCluster":    4, // whether a replay had an effect shows in a read
			"ListClusters":  3, // and a second cluster in a listing
			"await":         3,
		},
		MultiRegion: 15, Hostile: 8, Again: 30, Tokens: 85, Tagged: 20, Protected: 40, Twice: 12, Lost: 5, Retries: 3,
		keep: tokenFeature | againFeature,
	},
	{
		Name: "protection", Says: "deletion protection: on by default, off at once, each member its own", Weight: 2,
		Steps: 12, Clusters: 3,
		Operations: map[string]int{
			"CreateCluster": 4,
			"UpdateCluster": 7, // turns it off and on
			"DeleteCluster": 7, // with and against it
			"GetCluster":    4,
			"await":         4,
		},
		MultiRegion: 35, Hostile: 6, Again: 3, Tokens: 15, Tagged: 5, Protected: 80, Twice: 2, Lost: 2, Retries: 1,
		keep: protectionFeature,
	},
	{
		Name: "tags", Says: "tags at creation and after, their limits, and that they merge", Weight: 2,
		Steps: 14, Clusters: 2, // few, so that tags meet tags
		Operations: map[string]int{
			"CreateCluster":       3,
			"TagResource":         7,
			"UntagResource":       4,
			"ListTagsForResource": 5,
			"GetCluster":          2, // shows the same tags
			"DeleteCluster":       1,
			"await":               4, // only an ACTIVE cluster promises to take tags
		},
		MultiRegion: 15, Hostile: 15, Again: 1, Tokens: 10, Tagged: 70, Protected: 20, Twice: 0, Lost: 0, Retries: 1,
		keep: tagFeature,
	},
	{
		Name: "listing", Says: "listings: complete, once each, over pages, until a cluster is gone", Weight: 1,
		Steps: 12, Clusters: 6, // enough for several pages
		Operations: map[string]int{
			"CreateCluster": 70,
			"ListClusters":  80,
			"DeleteCluster": 30,
			"GetCluster":    10,
			"await":         30,
			"wait":          1, // a listing may lag, but one wait costs more time than all else
		},
		MultiRegion: 10, Hostile: 8, Again: 2, Tokens: 15, Tagged: 5, Protected: 10, Twice: 2, Lost: 3, Retries: 1,
	},
	{
		Name: "isolation", Says: "a call reaches one cluster in one Region and nobody else", Weight: 2,
		Steps: 12, Clusters: 5,
		Operations: map[string]int{
			"CreateCluster":             6,
			"GetCluster":                6, // of those that were not touched
			"UpdateCluster":             4,
			"DeleteCluster":             3,
			"TagResource":               2,
			"ListTagsForResource":       2,
			"ListClusters":              3,
			"GetVpcEndpointServiceName": 1,
			"await":                     4,
		},
		MultiRegion: 40, Hostile: 30, Again: 5, Tokens: 25, Tagged: 35, Protected: 30, Twice: 1, Lost: 1, Retries: 1,
		keep: hostileFeature, // a wrong Region is half of the subject
	},
	{
		Name: "policy", Says: "resource policies: their versions, the expected ones, and what locks out", Weight: 2,
		Steps: 14, Clusters: 3,
		Operations: map[string]int{
			"CreateCluster":       3,
			"PutClusterPolicy":    8,
			"GetClusterPolicy":    6, // shows what the last put or delete has left
			"DeleteClusterPolicy": 4,
			"GetCluster":          2, // that the cluster stays as it is
			"UpdateCluster":       1, // and its policy while it changes
			"DeleteCluster":       1,
			"await":               4, // only an ACTIVE cluster promises to take a policy
		},
		About:       []string{"PutClusterPolicy", "GetClusterPolicy", "DeleteClusterPolicy"},
		MultiRegion: 15, Hostile: 15, Again: 5, Tokens: 35, Tagged: 5, Protected: 10, Twice: 3, Lost: 3, Retries: 1,
		Policies: 40, core: []string{"PutClusterPolicy"},
	},
	{
		Name: "streams", Says: "change streams, their tags and their listing, on clusters that come and go", Weight: 3,
		Steps: 18, Clusters: 2, Streams: 6, // few clusters, so that five streams come together
		Operations: map[string]int{
			"CreateCluster":       3,
			"CreateStream":        10,
			"GetStream":           5,
			"ListStreams":         4,
			"DeleteStream":        4,
			"TagResource":         3,
			"UntagResource":       3,
			"ListTagsForResource": 3,
			"GetCluster":          1,
			"DeleteCluster":       1, // with its streams on it
			"await":               6, // only an ACTIVE cluster takes a stream
		},
		About:       []string{"CreateStream", "GetStream", "ListStreams", "DeleteStream"},
		MultiRegion: 10, Hostile: 20, Again: 5, Tokens: 35, Tagged: 25, Protected: 10, Twice: 3, Lost: 3, Retries: 1,
		TaggedStreams: 80, core: []string{"CreateStream"},
	},
	{
		Name: "encryption", Says: "keys at creation and after, and the encryption that reads show", Weight: 2,
		Steps: 12, Clusters: 3,
		Operations: map[string]int{
			"CreateCluster": 5,
			"UpdateCluster": 7,
			"GetCluster":    6, // whether the change is still going on shows in a read
			"DeleteCluster": 1,
			"await":         5,
		},
		MultiRegion: 20, Hostile: 12, Again: 3, Tokens: 25, Tagged: 5, Protected: 20, Twice: 2, Lost: 2, Retries: 1,
		Encrypted: 70, core: []string{"UpdateCluster"},
	},
	{
		Name: "pagination", Says: "listings of clusters and streams in pages of 1 to 100 while both come and go", Weight: 1,
		Steps: 20, Clusters: 8, Streams: 5,
		Operations: map[string]int{
			"CreateCluster": 7,
			"CreateStream":  8,
			"ListClusters":  7,
			"ListStreams":   7,
			"DeleteCluster": 2,
			"DeleteStream":  2,
			"await":         3,
		},
		MultiRegion: 5, Hostile: 8, Again: 1, Tokens: 10, Tagged: 5, Protected: 5, Twice: 1, Lost: 2, Retries: 1,
		Home: 60, pages: variedPages, core: []string{"CreateStream"},
	},
	{
		Name: "quota", Says: "creations up to the quotas and past them, and the room that deletions make", Weight: 1,
		Steps: 24, Clusters: 23, Streams: 7,
		Operations: map[string]int{ // of all themes together
			"CreateCluster": 9,
			"CreateStream":  6,
			"UpdateCluster": 2,
			"DeleteCluster": 2,
			"DeleteStream":  1,
			"ListClusters":  1,
			"ListStreams":   1,
			"await":         5,
		},
		MultiRegion: 50, Hostile: 2, Again: 1, Tokens: 10, Tagged: 5, Protected: 5, Twice: 1, Lost: 1, Retries: 0,
		Home: 90, keep: multiFeature, core: []string{"CreateStream"}, env: crowded,
		// Quotas are counted for each kind of resource alone.
		themes: []theme{
			{steps: 150, clusters: 23, operations: map[string]int{"CreateCluster": 24, "DeleteCluster": 2, "ListClusters": 1, "await": 2}},
			{steps: 90, clusters: 12, multi: 100, operations: map[string]int{"CreateCluster": 8, "UpdateCluster": 5, "DeleteCluster": 2, "ListClusters": 1, "await": 3}},
			{steps: 70, clusters: 2, multi: 5, operations: map[string]int{"CreateCluster": 2, "CreateStream": 14, "DeleteStream": 2, "ListStreams": 1, "await": 3}},
		},
	},
	{
		Name: "idle", Says: "quiet clusters: what an idle one shows, refuses and wakes up for", Weight: 1,
		Steps: 12, Clusters: 2, // few calls, so that a cluster has its rest
		Operations: map[string]int{
			"CreateCluster": 4,
			"wait":          5,
			"connect":       4,
			"GetCluster":    6,
			"UpdateCluster": 4,
			"DeleteCluster": 2,
			"TagResource":   1,
			"CreateStream":  1, // which only an ACTIVE cluster takes
			"await":         3,
		},
		MultiRegion: 15, Hostile: 3, Again: 1, Tokens: 15, Tagged: 5, Protected: 20, Twice: 1, Lost: 1, Retries: 1,
		Streams: 1, waits: 3, pauses: pauses, core: []string{"wait"},
	},
	{
		Name: "retired", Says: "the operations that were retired in 2025, and the clusters that they made", Weight: 1,
		Steps: 12, Clusters: 4,
		Operations: map[string]int{
			"CreateMultiRegionClusters": 6,
			"DeleteMultiRegionClusters": 4,
			"CreateCluster":             2,
			"GetCluster":                6,
			"UpdateCluster":             3,
			"DeleteCluster":             2,
			"ListClusters":              1,
			"await":                     5,
		},
		About:       []string{"CreateMultiRegionClusters", "DeleteMultiRegionClusters"},
		MultiRegion: 50, Hostile: 10, Again: 4, Tokens: 35, Tagged: 0, Protected: 35, Twice: 2, Lost: 2, Retries: 1,
		keep: multiFeature, core: []string{"CreateMultiRegionClusters"}, env: early,
	},
	validation,
	permissions,
}
