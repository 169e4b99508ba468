module github.com/tenon-go/tenon/internal/tools

go 1.27

toolchain go1.27.3
