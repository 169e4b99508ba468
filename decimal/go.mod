module github.com/tenon-go/tenon/decimal

go 1.27

toolchain go1.27.3

require (
	github.com/govalues/decimal v0.1.36
	github.com/tenon-go/tenon v0.0.0
)

require github.com/golang-jwt/jwt/v5 v5.3.1 // indirect

replace github.com/tenon-go/tenon => ../
