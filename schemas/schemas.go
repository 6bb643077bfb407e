// Package schemas holds the contracts between Earshot's services: the events that cross
// its topics with what makes them valid, and the form of its configuration files.
//
// Producers validate before they write and consumers after they read. Nothing here does
// I/O; a valid event costs no allocation.
package schemas

import _ "embed" // the schemas below

// EarshotSchema is the JSON Schema (draft 2020-12) of earshot.yaml.
//
//go:embed config/earshot.schema.json
var EarshotSchema []byte
