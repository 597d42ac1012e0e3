package generators

import "dsqlconform/model"

// operation is a row of the table of operations.
type operation struct {
	name   string
	always bool                    // never left out of a sequence
	urge   func(d *draft) int      // multiplies the profile's weight; 0: it cannot be drawn now
	draw   func(d *draft) model.Op // draws one; called only while urge is not 0
}

// operations is the table of operations; each row's functions stand in the file
// of its name. There is no row for raw, whose effect nobody can predict.
var operations = [...]operation{
	createIndex: {"CreateCluster", true, urgeCreate, drawCreate},
	awaitIndex:  {"await", true, urgeAwait, drawAwait},
	2:           {"GetCluster", false, urgeKnown, drawGet},
	3:           {"ListClusters", false, urgeAlways, drawList},
	4:           {"UpdateCluster", false, urgeUpdate, drawUpdate},
	5:           {"DeleteCluster", false, urgeDelete, drawDelete},
	6:           {"TagResource", false, urgeKnown, drawTag},
	7:           {"UntagResource", false, urgeKnown, drawUntag},
	8:           {"ListTagsForResource", false, urgeKnown, drawListTags},
	9:           {"GetVpcEndpointServiceName", false, urgeKnown, drawService},
	10:          {"wait", false, urgeWait, drawWait},
	11:          {"connect", false, urgeKnown, drawConnect},
	12:          {"PutClusterPolicy", false, urgeKnown, drawPutPolicy},
	13:          {"GetClusterPolicy", false, urgeKnown, drawGetPolicy},
	14:          {"DeleteClusterPolicy", false, urgeKnown, drawDeletePolicy},
	15:          {"CreateStream", false, urgeCreateStream, drawCreateStream},
	16:          {"GetStream", false, urgeStream, drawGetStream},
	17:          {"ListStreams", false, urgeKnown, drawListStreams},
	18:          {"DeleteStream", false, urgeStream, drawDeleteStream},
	19:          {"CreateMultiRegionClusters", false, urgeCreateLinked, drawCreateLinked},
	20:          {"DeleteMultiRegionClusters", false, urgeKnown, drawDeleteLinked},
}

// The rows that the drawing of sequences names.
const (
	createIndex = 0
	awaitIndex  = 1
)

func urgeAlways(*draft) int { return 1 }

// urgeKnown lets an operation wait for a cluster that it can name.
func urgeKnown(d *draft) int {
	if d.live() == 0 {
		return 0
	}
	return 1
}
