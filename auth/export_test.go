package auth

import "context"

// Cached is how many tokens are kept.
func Cached[K Kind](t *Tokens[K]) int {
	n := 0
	for i := range t.cache.shards {
		n += len(t.cache.shards[i].young) + len(t.cache.shards[i].old)
	}
	return n
}

// Authentic is why a token is not signed with one of our keys, or nil.
func Authentic[K Kind](t *Tokens[K], token string) error {
	_, err := t.authentic(context.Background(), token)
	return err
}

// NamedHMAC is a key of HS256 as others name and make it, with none of the checks of NewHMAC.
func NamedHMAC(id string, secret []byte) Key {
	k := newHMAC(secret)
	k.id = id
	return k
}

// EventOf is what a refusal is for the access log.
func EventOf(err error) string { return eventOf(err) }
