package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"dsqlconform/conformance"
	"dsqlconform/conformance/reference"
	"dsqlconform/model"
)

// readPrincipals reads a file of IAM policies by access key, a JSON object. The
// error names the access key and the statement that is not understood.
func readPrincipals(name string) (map[string]*model.Permissions, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var policies map[string]json.RawMessage
	if err := json.Unmarshal(data, &policies); err != nil {
		return nil, fmt.Errorf("%s: got no object of policies by access key: %w", name, err)
	}
	all := map[string]*model.Permissions{}
	for _, key := range slices.Sorted(maps.Keys(policies)) {
		if all[key], err = model.ParsePermissions(policies[key]); err != nil {
			return nil, fmt.Errorf("%s: access key %q: %w", name, key, err)
		}
	}
	return all, nil
}

// admit makes the reference endpoint take principals: their permissions, and the
// secrets of those that it does not know yet.
func admit(o *reference.Options, all map[string]*model.Permissions) {
	o.Principals = all
	for key := range all {
		if o.Credentials[key] == "" {
			o.Credentials[key] = reference.SecretKey
		}
	}
}

// embeddedPrincipals returns those whom the embedded endpoint knows besides the
// run's own, and what they may do by access key.
func embeddedPrincipals(at *places) ([]conformance.Principal, map[string]*model.Permissions, error) {
	list := conformance.Principals(at.regions, at.witness, reference.SecretKey)
	all := map[string]*model.Permissions{}
	for _, p := range list {
		may, err := model.ParsePermissions(p.Policy)
		if err != nil {
			return nil, nil, fmt.Errorf("principal %s: %w", p.Name, err)
		}
		all[p.AccessKey] = may
	}
	return list, all, nil
}
