package auth

// Cached is how many tokens are kept.
func Cached[K Kind](t *Tokens[K]) int {
	n := 0
	for i := range t.cache.shards {
		n += len(t.cache.shards[i].young) + len(t.cache.shards[i].old)
	}
	return n
}
