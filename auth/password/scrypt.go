package password

import (
	"crypto/subtle"
	"encoding/base64"
	"math/bits"
	"strings"

	"golang.org/x/crypto/scrypt"
)

// scrypted is a hash of scrypt (RFC 7914).
type scrypted struct {
	n, r, p   int
	salt, tag []byte
}

// mostWork is what is paid for a hash of scrypt, in KiB that are gone through: four times OWASP's 128 MiB.
const mostWork = 512 << 10

// parseDjangoScrypt reads N$salt$r$p$tag; the salt is taken as it is written.
func parseDjangoScrypt(rest string) (form, error) { //nolint:ireturn // See parse.
	parts := strings.Split(rest, "$")
	if len(parts) != 5 {
		return nil, ErrUnreadable
	}
	n, ok := number(parts[0], "", 2, 1<<20)
	if !ok || bits.OnesCount(uint(n)) != 1 {
		return nil, ErrUnreadable
	}
	tag, err := base64.StdEncoding.Strict().DecodeString(parts[4])
	if err != nil || len(tag) != 64 {
		return nil, ErrUnreadable
	}
	return newScrypted(n, parts[2], parts[3], []byte(parts[1]), tag)
}

// parsePasslibScrypt reads ln=16,r=8,p=1$salt$tag, without padding.
func parsePasslibScrypt(rest string) (form, error) { //nolint:ireturn // See parse.
	parts := strings.Split(rest, "$")
	if len(parts) != 3 {
		return nil, ErrUnreadable
	}
	costs := strings.Split(parts[0], ",")
	if len(costs) != 3 {
		return nil, ErrUnreadable
	}
	log, ok1 := number(costs[0], "ln=", 1, 20)
	r, ok2 := strings.CutPrefix(costs[1], "r=")
	p, ok3 := strings.CutPrefix(costs[2], "p=")
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(parts[1])
	tag, err2 := base64.RawStdEncoding.Strict().DecodeString(parts[2])
	if !ok1 || !ok2 || !ok3 || err1 != nil || err2 != nil || len(tag) != 32 {
		return nil, ErrUnreadable
	}
	return newScrypted(1<<log, r, p, salt, tag)
}

// newScrypted bounds what it costs: the memory as that of argon2, and how much of it is gone through.
func newScrypted(n int, blocks, lanes string, salt, tag []byte) (form, error) { //nolint:ireturn // See parse.
	r, ok1 := number(blocks, "", 1, 64)
	p, ok2 := number(lanes, "", 1, mostLanes)
	if !ok1 || !ok2 || !between(len(salt), 1, 1024) || !between(n*r/8, 1, mostMemory) || n*r/8*p > mostWork {
		return nil, ErrUnreadable
	}
	return scrypted{n, r, p, salt, tag}, nil
}

func (s scrypted) fits(password []byte, _ func(argon, []byte) []byte) bool {
	tag, err := scrypt.Key(password, s.salt, s.n, s.r, s.p, len(s.tag))
	return err == nil && subtle.ConstantTimeCompare(tag, s.tag) == 1
}
