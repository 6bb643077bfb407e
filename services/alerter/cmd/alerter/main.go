// Command alerter turns assessments into alerts and notifies people.
package main

import (
	"os"

	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/alerter"
)

var version = "dev" // set by the linker

func main() {
	os.Exit(daemon.Main(os.Args[1:], daemon.Process{
		Name: "alerter", Version: version, Schema: schemas.EarshotSchema, Configure: alerter.Configure,
	}))
}
