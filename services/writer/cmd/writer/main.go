// Command writer moves judgements and alerts from the bus into ClickHouse. With -migrate
// it brings the schema up to date and stops.
package main

import (
	"os"

	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/writer"
)

var version = "dev" // set by the linker

func main() {
	os.Exit(daemon.Main(os.Args[1:], daemon.Process{
		Name: "writer", Version: version, Schema: schemas.EarshotSchema, Configure: writer.Configure, Migrate: writer.Migrate,
	}))
}
