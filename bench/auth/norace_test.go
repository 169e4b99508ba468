//go:build !race

package auth_test

// raceAllocs are the values that leave the stack only under the race detector.
const raceAllocs = 0
