module github.com/tenon-go/tenon/decimal

go 1.27

toolchain go1.27.3

require (
	github.com/govalues/decimal v0.1.36
	github.com/tenon-go/tenon v0.0.0
)

replace github.com/tenon-go/tenon => ../
