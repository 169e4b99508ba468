package cli

import (
	"errors"
	"strconv"
	"strings"
)

// Bytes is a setting that is a size: 1048576, 1MiB, 512KiB or 2GiB.
type Bytes int64

// UnmarshalText reads the size.
func (b *Bytes) UnmarshalText(text []byte) error {
	number, shift := string(text), 0
	for unit, s := range map[string]int{"KiB": 10, "MiB": 20, "GiB": 30} {
		if rest, ok := strings.CutSuffix(number, unit); ok {
			number, shift = strings.TrimSpace(rest), s
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > 1<<62>>shift {
		return errors.New("it is not a size")
	}
	*b = Bytes(n << shift)
	return nil
}

// SettingKind says in messages what a value is.
func (Bytes) SettingKind() string { return "a size such as 1048576 or 1MiB" }
