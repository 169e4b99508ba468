//go:build !unix

package tenon

import "math"

// isRefused reports whether a connection failed because nobody listens; here that is not known of others.
func isRefused(error) bool { return true }

// openFiles is how many files the process may have open.
func openFiles() int { return math.MaxInt32 }
