module github.com/tenon-go/tenon

go 1.27

toolchain go1.27.3
