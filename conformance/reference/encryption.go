package reference

import (
	"fmt"
	"strings"

	"dsqlconform/model"
)

// encryption returns encryptionDetails; a key given by its identifier shows as
// an ARN.
func (e *Endpoint) encryption(c *model.Cluster) map[string]any {
	details := map[string]any{"encryptionType": model.AWSOwned.String(), "encryptionStatus": e.encryptionStatus(c).String()}
	if c.Key == "" {
		return details
	}
	details["encryptionType"] = model.CustomerManaged.String()
	details["kmsKeyArn"] = c.Key
	if !strings.HasPrefix(c.Key, "arn:") {
		kind := "key/"
		if strings.HasPrefix(c.Key, "alias/") {
			kind = ""
		}
		details["kmsKeyArn"] = fmt.Sprintf("arn:aws:kms:%s:%s:%s%s", c.Region, e.opts.Account, kind, c.Key)
	}
	return details
}

// encryptionStatus returns the status that the temperament shows.
func (e *Endpoint) encryptionStatus(c *model.Cluster) model.EncryptionStatus {
	manner := &e.opts.Temperament.Manner
	switch {
	case manner.Keyless && c.Key != "" && (c.Status == model.Idle || c.Status == model.Inactive):
		return model.KeyInaccessible
	case manner.Rekeys && c.Rekeyed && e.hold.world.Now < e.hold.keyed[c.Handle]:
		return model.EncryptionUpdating
	case manner.Rekeys && c.Key != "" && c.Status == model.Creating:
		return model.EncryptionEnabling
	}
	return model.EncryptionEnabled
}

// rekey notes until when the keys that are new since before are brought into
// force.
func (e *Endpoint) rekey(before model.World) {
	for _, c := range e.hold.world.Clusters {
		if was, ok := before.Find(c.Handle); ok && was.Key != c.Key {
			e.hold.keyed[c.Handle] = e.hold.world.Now + e.opts.Settle/2
		}
	}
}
