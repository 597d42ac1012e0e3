package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"dsqlconform/model"
)

// versionCommand prints versions.
type versionCommand struct{}

// sdk is the module whose version is that of the SDK.
const sdk = "github.com/aws/aws-sdk-go-v2/service/dsql"

// Run runs the command.
func (versionCommand) Run() error {
	own, client := "(devel)", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		own = firstOf(info.Main.Version, own)
		for _, d := range info.Deps {
			if d.Path == sdk {
				client = d.Version
			}
		}
	}
	fmt.Fprintf(os.Stdout, "%s %s\ngo %s %s/%s\nsdk %s %s\nmodel revision %s, %d rules\n",
		name, own, runtime.Version(), runtime.GOOS, runtime.GOARCH, sdk, client, model.Current, len(model.Rules()))
	return nil
}
