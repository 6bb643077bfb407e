// Command writer moves judgements and alerts from the bus into ClickHouse. With -migrate
// it brings the schema up to date and stops.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/writer"
)

var version = "dev" // set by the linker

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	process := daemon.Process{Name: "writer", Version: version, Schema: schemas.EarshotSchema, Configure: writer.Configure}
	at := slices.Index(args, "-migrate")
	if at < 0 {
		return daemon.Main(args, process)
	}
	path := os.Getenv("EARSHOT_CONFIG")
	if i := slices.Index(args, "-config"); i >= 0 && i+1 < len(args) {
		path = args[i+1]
	}
	if err := writer.Migrate(context.Background(), path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return daemon.ExitNo
	}
	return daemon.ExitOK
}
