//go:build !linux

package storage

import "testing"

// Full is of Linux alone, where a disk in memory can be made.
func Full(tb testing.TB) {
	tb.Helper()
	tb.Fatal("want Linux, for a disk in memory")
}
