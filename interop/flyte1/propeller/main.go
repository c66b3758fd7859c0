// Propeller is FlytePropeller's own command without its built-in plugins: the agent and connector plugins register themselves.
//
//	propeller --config FILE
//	propeller compile -task FILE -inputs FILE -namespace NAME -execution NAME [-map]
//
// The second form prints the FlyteWorkflow object of an execution of one task, as flyteadmin would create it.
package main

import (
	"fmt"
	"os"

	"github.com/flyteorg/flyte/flytepropeller/cmd/controller/cmd"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "compile" {
		if err := compile(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	cmd.Execute()
}
