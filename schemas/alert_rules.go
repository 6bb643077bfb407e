package schemas

import _ "embed" // holds the schema

// AlertRulesSchema is the JSON Schema of the alerter's rules files.
//
//go:embed config/alert-rules.schema.json
var AlertRulesSchema []byte
