// Package kept measures what an answer that is kept costs beside one that is made: go test -bench . -cpu 1 ./kept
package kept
