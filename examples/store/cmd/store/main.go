// Command store is the reference service as one program; store --help lists its commands. Everything that the process keeps lies in
// the directory that --data names.
package main

import (
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/examples/store"
)

func main() { cli.Main(store.Service()) }
