package store

import "github.com/tenon-go/tenon"

// NewHashing is New with room for so many passwords that wait and that are worked on, and with a function in the place of argon2id.
func NewHashing(cfg Config, waiting, working int, derive func(password, salt []byte) []byte) (*tenon.App, error) {
	return build(cfg, nil, sizedHasher(waiting, working, derive))
}
