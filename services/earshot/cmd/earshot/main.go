// Command earshot is the whole pipeline in one process, and the command line.
package main

import (
	"os"

	"github.com/earshot/earshot/pkg/embedded"
	"github.com/earshot/earshot/services/earshot/internal/cli"
)

var version = "dev"

func main() {
	embedded.ServeChild()
	os.Exit(cli.Main(os.Args[1:], version))
}
