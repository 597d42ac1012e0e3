// Command dsqlconform tests whether an endpoint conforms to the lifecycle of
// Amazon Aurora DSQL clusters. "dsqlconform run" without further flags tests an
// embedded reference endpoint.
package main

import (
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"dsqlconform/conformance/reference"

	_ "dsqlconform/cmd/dsqlconform/norapid"
)

// cli is the command line.
type cli struct {
	Run     runCommand     `cmd:"" help:"Generate sequences of calls, replay them against a target, judge every answer, shrink and report what diverges."`
	Replay  replayCommand  `cmd:"" help:"Replay one saved sequence against a target."`
	Shrink  shrinkCommand  `cmd:"" help:"Minimise a saved sequence that diverges."`
	Explore exploreCommand `cmd:"" help:"Check the model itself, exhaustively within bounds."`
	Serve   serveCommand   `cmd:"" help:"Serve the reference endpoint."`
	Rules   rulesCommand   `cmd:"" help:"Print the rules that answers are judged by, and their sources."`
	Version versionCommand `cmd:"" help:"Print the versions of the command, Go, the SDK and the model."`
}

func main() {
	parser := kong.Must(&cli{}, kong.Name(name), kong.Description("Tests an endpoint against a formal model of the lifecycle of Aurora DSQL clusters."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Vars{
			"abstracts":    strings.Join(abstracts(), ", "),
			"bounds":       strings.Join(bounds(), ", "),
			"mutants":      strings.Join(faults(), ", "),
			"profiles":     strings.Join(profiles(), ", "),
			"secret":       reference.SecretKey,
			"temperaments": strings.Join(temperaments(), ", "),
			"weathers":     strings.Join(weathers(), ", "),
		})
	command, err := parser.Parse(os.Args[1:])
	if err != nil {
		err = usage("%w", err)
	} else {
		err = command.Run()
	}
	os.Exit(status(os.Stderr, err))
}
