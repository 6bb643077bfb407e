// Command collector takes posts in and puts them on the bus.
package main

import (
	"os"

	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/collector"
)

var version = "dev" // set by the linker

func main() {
	os.Exit(daemon.Main(os.Args[1:], daemon.Process{
		Name: "collector", Version: version, Schema: schemas.EarshotSchema, Configure: collector.Configure,
	}))
}
