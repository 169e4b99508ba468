// Package auth measures a GET behind a token beside the same written by hand with net/http and golang-jwt:
// go test -bench . -benchmem -cpu 1 -count 10 ./auth
package auth
