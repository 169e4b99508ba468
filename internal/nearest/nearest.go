// Package nearest finds the word that was meant by one that was mistyped.
package nearest

import "strings"

// Word is the word that was probably meant by a text that is none of them, or "": the first of those with the fewest letters
// to change, at most a third of them.
func Word(text string, words []string) string {
	best, fewest := "", len(text)/3+1
	for _, word := range words {
		if d := Distance(strings.ToLower(text), strings.ToLower(word)); d < fewest {
			best, fewest = word, d
		}
	}
	return best
}

// Distance is how many letters must be put in, left out, changed or swapped with their neighbour to make b of a.
func Distance(a, b string) int {
	if len(a) > 200 || len(b) > 200 {
		return max(len(a), len(b)) // nobody mistyped that
	}
	var before, last []int
	next := make([]int, len(b)+1)
	for j := range next {
		next[j] = j
	}
	for i := range len(a) {
		before, last, next = last, next, make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			next[j+1] = min(last[j]+change, last[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
	}
	return next[len(b)]
}
