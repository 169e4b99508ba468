// Package storage puts the promises of the module data to the test on the reference service: real processes of the store, real requests, and a
// database that is killed under them.
//
// Each function is one figure. It says what it measured by Log and what does not hold by Error, so the command storage runs it at full length, and a test a
// short form of it.
package storage

import (
	"os"

	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/examples/store"
)

// storing makes this program the store.
const storing = "STORAGE_IS_STORE"

// Hosted is what a program that uses this package calls first: where it was started as the store, it is the store and does not return.
func Hosted() {
	if os.Getenv(storing) != "" {
		cli.Main(store.Service())
		os.Exit(0)
	}
}
