package store

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// CheckKeys is how a Store checks keys before anything else: an error that wraps ErrSize where one is out of bounds.
func CheckKeys(keys ...string) error {
	for _, key := range keys {
		if len(key) < 1 || len(key) > MaxKey {
			return fmt.Errorf("%w: a key of %d bytes, want 1 to %d", ErrSize, len(key), MaxKey)
		}
	}
	return nil
}

// CheckValue is how a Store checks a value that it shall keep for ttl: an error that wraps ErrSize where one is out of bounds.
func CheckValue(value []byte, ttl time.Duration) error {
	if len(value) > MaxValue {
		return fmt.Errorf("%w: a value of %d bytes, want at most %d", ErrSize, len(value), MaxValue)
	}
	if ttl <= 0 {
		return fmt.Errorf("%w: a ttl of %v, want more than 0", ErrSize, ttl)
	}
	return nil
}

// Sum is how a Store adds to the counter that is kept as old, nil where there is none: the sum, or an error that wraps ErrCounter where old is
// no counter or the sum is beyond an int64.
func Sum(old []byte, by int64) (int64, error) {
	if old == nil {
		return by, nil
	}
	n, err := strconv.ParseInt(string(old), 10, 64)
	var digits [20]byte
	if err != nil || string(strconv.AppendInt(digits[:0], n, 10)) != string(old) {
		return 0, fmt.Errorf("%w: a value of %d bytes that is no number", ErrCounter, len(old))
	}
	if by > 0 && n > math.MaxInt64-by || by < 0 && n < math.MinInt64-by {
		return 0, fmt.Errorf("%w: the sum is beyond 64 bits", ErrCounter)
	}
	return n + by, nil
}
