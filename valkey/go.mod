module github.com/tenon-go/tenon/valkey

go 1.27

toolchain go1.27.3

require (
	github.com/failsafe-go/failsafe-go v0.9.8
	github.com/tenon-go/tenon v0.0.0
	github.com/valkey-io/valkey-go v1.0.79
)

require (
	github.com/bits-and-blooms/bitset v1.24.4 // indirect
	golang.org/x/sys v0.50.0 // indirect
)

replace github.com/tenon-go/tenon => ../
