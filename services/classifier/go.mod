module github.com/earshot/earshot/services/classifier

go 1.26.0

require github.com/earshot/earshot/pkg v0.0.0
require github.com/earshot/earshot/schemas v0.0.0

replace github.com/earshot/earshot/pkg => ../../pkg
replace github.com/earshot/earshot/schemas => ../../schemas
