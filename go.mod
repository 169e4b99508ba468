module github.com/tenon-go/tenon

go 1.27

toolchain go1.27.3

require github.com/alecthomas/kong v1.17.0
