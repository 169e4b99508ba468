// Package password keeps passwords: it hashes them with argon2id, verifies them against that and against the hashes that other frameworks left,
// and judges new ones as NIST SP 800-63B-4 advises.
//
//	passwords, err := password.New(password.Config{})
//	hash, err := passwords.Hash(ctx, in.Password) // into the database
//
//	ok, newer, err := passwords.Verify(ctx, in.Password, hash) // newer, if any, belongs into the database
//
// # Cost
//
// A hash takes 19 MiB and about 30 ms of one core, as OWASP advises. A Hasher works on as many at once as there are cores; up to 64 callers wait, and
// the others are answered ErrBusy, so that a flood of logins costs neither the memory nor the time of other requests. New passwords have half of the places,
// and a login waits for no more of them than are hashed at once, so that a flood of sign-ups keeps nobody from signing in. To verify against the zero
// Hash, that of nobody, costs as much as against any other that this package made: whoever measures learns nothing of who has an account. Where hashes were
// imported, Config.Imported has all cost the same until they are replaced.
//
// # Passwords of any length
//
// Passwords of up to 4096 bytes are hashed whole. Longer ones are refused before anything is hashed. Of what bcrypt hashed, its form reads 72 bytes alone;
// Verify accepts what such a hash accepts, and returns a newer one, of the whole.
package password
