module github.com/tenon-go/tenon/bench

go 1.27

toolchain go1.27.3
