package awsdsql

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/smithy-go"
	smithytime "github.com/aws/smithy-go/time"

	"dsqlconform/conformance"
)

// object is a JSON object whose members are read by their exact names, unlike
// those of a struct.
type object map[string]json.RawMessage

// members reads those members that the object has.
func (o object) members(into map[string]any) error {
	var failed error
	for name, to := range into {
		if raw, there := o[name]; there {
			failed = errors.Join(failed, json.Unmarshal(raw, to))
		}
	}
	return failed
}

// decode reads a success that the SDK did not ask for: the members of any of
// the service's answers, by their exact names. An empty body has none.
func decode(body []byte) (conformance.Answer, error) {
	var o object
	if len(bytes.TrimSpace(body)) == 0 {
		return conformance.Answer{}, nil
	}
	if err := json.Unmarshal(body, &o); err != nil {
		return conformance.Answer{}, &smithy.DeserializationError{Err: err}
	}
	var (
		a                   conformance.Answer
		multi, encryption   object
		identifier, streams json.RawMessage
		failed              error
	)
	failed = o.members(map[string]any{
		"deletionProtectionEnabled": &a.Protection, "multiRegionProperties": &multi, "encryptionDetails": &encryption,
		"tags": &a.Tags, "nextToken": &a.Page, "serviceName": &a.Service, "clusters": &a.Listed,
		"policy": &a.Policy, "policyVersion": &a.PolicyVersion,
		"witnessRegion": &a.Witness, "linkedClusterArns": &a.Linked,
		"streamIdentifier": &identifier, "streams": &streams,
	})
	if multi != nil {
		a.Multi = &conformance.Multi{}
		failed = errors.Join(failed, multi.members(map[string]any{"witnessRegion": &a.Multi.Witness, "clusters": &a.Multi.Clusters}))
	}
	if encryption != nil {
		a.Encryption = &conformance.Encryption{}
		failed = errors.Join(failed, encryption.members(map[string]any{
			"encryptionType": &a.Encryption.Type, "encryptionStatus": &a.Encryption.Status, "kmsKeyArn": &a.Encryption.Key,
		}))
	}
	switch {
	case identifier != nil:
		a.Stream = &conformance.Stream{}
		failed = errors.Join(failed, o.stream(a.Stream))
	default:
		failed = errors.Join(failed, o.members(map[string]any{"identifier": &a.Identifier, "arn": &a.ARN, "status": &a.Status}), o.created(&a.Created))
	}
	if streams != nil {
		var rows []object
		failed = errors.Join(failed, json.Unmarshal(streams, &rows))
		for _, row := range rows {
			var s conformance.Stream
			failed = errors.Join(failed, row.stream(&s))
			a.Streams = append(a.Streams, s)
		}
	}
	if failed != nil {
		return conformance.Answer{}, &smithy.DeserializationError{Err: failed}
	}
	return a, nil
}

// stream reads what the object says of a change stream.
func (o object) stream(s *conformance.Stream) error {
	var target, kinesis, reason object
	failed := errors.Join(o.created(&s.Created), o.members(map[string]any{
		"clusterIdentifier": &s.Cluster, "streamIdentifier": &s.Identifier, "arn": &s.ARN, "status": &s.Status,
		"ordering": &s.Ordering, "format": &s.Format, "targetDefinition": &target, "statusReason": &reason,
	}))
	failed = errors.Join(failed, target.members(map[string]any{"kinesis": &kinesis}))
	failed = errors.Join(failed, kinesis.members(map[string]any{"streamArn": &s.Kinesis, "roleArn": &s.Role}))
	s.Reason = reason != nil
	return failed
}

// created reads creationTime, in epoch seconds.
func (o object) created(t *time.Time) error {
	var seconds *float64
	err := o.members(map[string]any{"creationTime": &seconds})
	if seconds != nil {
		*t = smithytime.ParseEpochSeconds(*seconds)
	}
	return err
}

// legacy adds the members of the revision 2025-05-13 to an answer: the SDK has
// forgotten them. What has another JSON form is the wire judge's.
func legacy(a *conformance.Answer, body []byte) {
	if !bytes.Contains(body, []byte(`"linkedClusterArns"`)) && !bytes.Contains(body, []byte(`"witnessRegion"`)) {
		return
	}
	var o object
	if json.Unmarshal(body, &o) != nil {
		return
	}
	var witness *string
	var linked []string
	if o.members(map[string]any{"witnessRegion": &witness, "linkedClusterArns": &linked}) == nil {
		a.Witness, a.Linked = witness, linked
	}
}
