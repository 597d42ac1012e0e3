// Package tours holds sequences that together cover every edge of the lifecycle
// and every cell of an operation that the graph of the model reaches, as the
// package model/explore lists them.
//
// No service shows everything: where the documents leave a choice it takes one
// branch. So a tour belongs to a temperament of the reference endpoint, under
// which it covers what it is there for; the tours of all temperaments together
// cover everything. The first is that of "plain", which takes the documented
// path. On another service a tour is as good a test, and covers what that service
// lets one reach.
//
// A tour is a directory of sequences, each of which begins with an empty account,
// is short enough to read, and can be replayed alone:
//
//	dsqlconform serve --temperament idle --listen 127.0.0.1:8000
//	dsqlconform replay conformance/tours/idle/01.dsqlseq --endpoint http://127.0.0.1:8000
//
// Its comments say what it covers that none before it does: edges, and how many
// cells of a cluster in each status and role.
//
// # How they were found
//
// The shortest ways of the explored graph lead to every status in every role. At
// the end of each, under each of a dozen temperaments, everything is asked that
// leaves the cluster as it stands, in its own Region and in another, and then what
// moves it. What each line covers is seen by playing it against the endpoint in
// virtual time. Of these candidates the one with the most new points for its lines
// is taken, without the lines that bring nothing, until every point is covered:
// first of plain, while that is not too dear, then of all. Last, every line is
// dropped without which nothing is lost. Only what is covered both by calls that
// take no time and by calls that take 1.5 ms counts, so that a tour does not hang
// on how fast a machine is.
//
// What is covered is counted as a run counts it, but for the teardown. A test
// plays the tours and holds that they cover everything, without a finding; that no
// sequence could be left out; and that they have at most twice the lines that any
// tours need. Where the model or a temperament changes and it fails, they are found
// anew, in about five minutes, by
//
//	go test ./conformance/tours -run TestTheToursCoverTheGraph -update -timeout 30m
package tours
