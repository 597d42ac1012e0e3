package weather

import (
	"net/http"
	"strconv"
	"time"

	"dsqlconform/model"
)

// losses are the ways in which an answer is lost. None is HTML, and only the
// first is an error of the service.
var losses = []answer{
	refuse(model.InternalServer, "internal error", nil),
	plain(http.StatusBadGateway, object{"message": raw("Bad Gateway")}),
	plain(http.StatusServiceUnavailable, object{"message": raw("Service Unavailable")}),
	plain(http.StatusGatewayTimeout, object{"message": raw("Gateway Timeout")}),
	{cut: true},
}

func lostAfter(s *sky, d *dice) layer {
	return func(c *call, ask asker) answer {
		a := ask(c)
		if !c.mutates() || !d.one(8) || !s.may(c.identity, c.place) {
			return a
		}
		return losses[d.below(len(losses))].at(a.asOf)
	}
}

func lostBefore(s *sky, d *dice) layer {
	return func(c *call, ask asker) answer {
		if !d.one(8) || !s.may(c.identity, c.place) {
			return ask(c)
		}
		return losses[d.below(len(losses))].at(s.Now())
	}
}

func throttling(s *sky, d *dice) layer {
	return func(c *call, ask asker) answer {
		if !d.one(8) || !s.may(c.identity, c.client) {
			return ask(c)
		}
		a := refuse(model.Throttling, "Rate exceeded", nil).at(s.Now())
		wait := 0 // seconds; mostly none, for the sake of runs in real time
		if d.one(4) {
			wait = 1
		}
		a.header.Set("Retry-After", strconv.Itoa(wait))
		return a
	}
}

// quota refuses creations of clusters. The streams of a cluster are counted by
// themselves, so that others cannot use up their quota.
func quota(s *sky, d *dice) layer {
	return func(c *call, ask asker) answer {
		if c.op != createCluster && c.op != createLinked || s.retried(c) || !d.one(8) || !s.may(c.identity) {
			return ask(c)
		}
		return refuse(model.QuotaExceeded, "You have reached the cluster limit.", map[string]string{
			"resourceId": "*", "resourceType": "cluster", "serviceCode": "dsql", "quotaCode": "L-00000000",
		}).at(s.Now())
	}
}

func slow(s *sky, d *dice) layer {
	return func(c *call, ask asker) answer {
		a := ask(c)
		if d.one(4) {
			s.Sleep(time.Duration(1+d.below(50)) * time.Millisecond)
		}
		return a
	}
}
