// Package spin holds a model of the lifecycle that was written in Promela from the
// published facts and not from the tables, its like in TLA+, and the test that the
// first and the tables reach the same abstract states (explore.Abstract) by the same
// steps (explore.AbstractStep) within the same bounds (explore.Abstracts). The steps
// differed in five places at first: dsql.pml says how each was decided. Two models
// that agree may still both be wrong about the service; that they were taken down
// wrongly from one reading is less likely.
//
// The test needs Spin 6.5 and gcc. Without them it is skipped, unless CI is "true".
// That of the model in TLA+ also needs Java and TLC, which DSQLCONFORM_TLC names.
package spin
