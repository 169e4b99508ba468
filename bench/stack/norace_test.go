//go:build !race

package stack_test

// raceAllocs are the values that leave the stack only under the race detector.
const raceAllocs = 0
