package password

// Measured makes a Hasher that tells of each hash of argon2 how much memory it is about to take.
func Measured(cfg Config, tell func(memory uint32)) (*Hasher, error) {
	h, err := New(cfg)
	if err != nil {
		return nil, err
	}
	h.key = func(a argon, password []byte) []byte {
		tell(a.memory)
		return a.key(password)
	}
	return h, nil
}

// Cost is that of a stored hash of argon2; of others it is 0.
func Cost(stored string) (memory, passes uint32, err error) {
	f, err := parse(stored)
	a, _ := f.(argon)
	return a.memory, a.passes, err
}
