module github.com/earshot/earshot/services/earshot

go 1.26.0

require github.com/earshot/earshot/pkg v0.0.0
require github.com/earshot/earshot/schemas v0.0.0
require github.com/earshot/earshot/services/collector v0.0.0
require github.com/earshot/earshot/services/classifier v0.0.0
require github.com/earshot/earshot/services/writer v0.0.0
require github.com/earshot/earshot/services/alerter v0.0.0

replace github.com/earshot/earshot/pkg => ../../pkg
replace github.com/earshot/earshot/schemas => ../../schemas
replace github.com/earshot/earshot/services/collector => ../collector
replace github.com/earshot/earshot/services/classifier => ../classifier
replace github.com/earshot/earshot/services/writer => ../writer
replace github.com/earshot/earshot/services/alerter => ../alerter
