package password

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

const (
	saltBytes = 16
	tagBytes  = 32

	// What a stored hash may cost: whoever writes hashes into the database cannot have the service run out of memory or time.
	mostMemory = 128 << 10 // KiB
	mostPasses = 10
	mostLanes  = 16
)

// argon is a hash of argon2 (RFC 9106) in its PHC form: $argon2id$v=19$m=19456,t=2,p=1$salt$tag.
type argon struct {
	kind           string // argon2id or argon2i
	memory, passes uint32
	lanes          uint8
	salt, tag      []byte
}

// key hashes a password with the salt and the cost of a; the length is that of its tag.
func (a argon) key(password []byte) []byte {
	if a.kind == "argon2i" {
		return argon2.Key(password, a.salt, a.passes, a.memory, a.lanes, uint32(len(a.tag)))
	}
	return argon2.IDKey(password, a.salt, a.passes, a.memory, a.lanes, uint32(len(a.tag)))
}

func (a argon) fits(password []byte, key func(argon, []byte) []byte) bool {
	return subtle.ConstantTimeCompare(key(a, password), a.tag) == 1
}

// as reports whether a costs what b does.
func (a argon) as(b argon) bool {
	return a.kind == b.kind && a.memory == b.memory && a.passes == b.passes && a.lanes == b.lanes && len(a.salt) == saltBytes && len(a.tag) == tagBytes
}

// String is the PHC form.
func (a argon) String() string {
	return fmt.Sprintf("$%s$v=%d$m=%d,t=%d,p=%d$%s$%s", a.kind, argon2.Version, a.memory, a.passes, a.lanes,
		base64.RawStdEncoding.EncodeToString(a.salt), base64.RawStdEncoding.EncodeToString(a.tag))
}

// parseArgon reads the PHC form, and Django's, which has a word before it.
func parseArgon(text string) (argon, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" && parts[1] != "argon2i" || parts[2] != "v=19" {
		return argon{}, ErrUnreadable
	}
	a := argon{kind: parts[1]}
	costs := strings.Split(parts[3], ",")
	if len(costs) != 3 {
		return argon{}, ErrUnreadable
	}
	memory, ok1 := number(costs[0], "m=", 8, mostMemory)
	passes, ok2 := number(costs[1], "t=", 1, mostPasses)
	lanes, ok3 := number(costs[2], "p=", 1, mostLanes)
	if !ok1 || !ok2 || !ok3 || memory < 8*lanes {
		return argon{}, ErrUnreadable
	}
	a.memory, a.passes, a.lanes = uint32(memory), uint32(passes), uint8(lanes)
	var err1, err2 error
	a.salt, err1 = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	a.tag, err2 = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || !between(len(a.salt), 8, 64) || !between(len(a.tag), 16, 64) {
		return argon{}, ErrUnreadable
	}
	return a, nil
}

// number reads a decimal number after a prefix, written as we would write it.
func number(text, prefix string, least, most int) (int, bool) {
	digits, ok := strings.CutPrefix(text, prefix)
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && between(n, least, most) && strconv.Itoa(n) == digits
}

func between(n, least, most int) bool { return least <= n && n <= most }
