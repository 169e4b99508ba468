package auth

import "math/big"

// guessable reports whether an RSA key was made by a library of chips whose primes are so regular that the key can be factored ("ROCA", Nemec et al.,
// "The Return of Coppersmith's Attack", 2017). Modulo each small prime, the modulus of such a key is a power of 65537; that of another key is one of all by
// chance less often than once in 2^160 times.
func guessable(n *big.Int) bool {
	rest := new(big.Int)
	for p := int64(3); p < 702; p += 2 {
		if !big.NewInt(p).ProbablyPrime(0) {
			continue
		}
		want, power := rest.Mod(n, big.NewInt(p)).Int64(), int64(1)
		for power != want {
			if power = power * 65537 % p; power == 1 {
				return false
			}
		}
	}
	return true
}
