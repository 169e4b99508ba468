// Package stack measures what the middleware that stands before every operation adds to a request: go test -bench . -cpu 1 ./stack
package stack
