// Package weather disturbs an endpoint the way a real Region may, without ever
// leaving what the service promises: reads from a moment ago, answers lost on
// the way, somebody else's clusters in a listing, throttling. A conformance run
// must stay silent under all of it.
//
// It is ground truth that the model did not write. The rows of [All] know
// nothing of the model's rules; they wrap any [http.Handler] that speaks the
// control plane's restJson1 and change requests' fate and answers' content from
// outside. All Regions are served by one handler and told apart by the SigV4
// credential scope.
//
//	wrap, lag, err := weather.Compose([]string{"stale-reads", "strangers"}, weather.Config{Seed: 7})
//	...
//	client := &http.Client{Transport: weather.InProcess(wrap(endpoint))}
//	// now run the suite with a read lag of lag
//
// Weather is deterministic given its seed and the order of requests, leaves
// untouched whatever it does not understand, never changes a request (which
// would break its signature), and never invents an effect: what it refuses did
// not happen, and what happened it only hides for a while.
//
// It is not a fault injector: faults that a conforming service may not show are
// the business of package mutants.
package weather
