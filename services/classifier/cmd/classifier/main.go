// Command classifier judges the posts on the bus; see the package it runs.
package main

import (
	"os"

	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/classifier"
)

// version is set at build time.
var version = "dev"

func main() {
	os.Exit(daemon.Main(os.Args[1:], daemon.Process{
		Name: "classifier", Version: version, Schema: schemas.EarshotSchema, Configure: classifier.Configure,
	}))
}
