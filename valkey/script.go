package valkey

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/valkey-io/valkey-go"
)

// The scripts. Each has one key, so that it runs on the node of a cluster that holds it. Sums leave as text: a number of Lua has 53 bits.
var (
	count = valkey.NewLuaScript(`redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) == -1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return redis.call('GET', KEYS[1])`)

	read = valkey.NewLuaScript(`return {redis.call('TIME'), redis.call('GET', KEYS[1])}`)

	// ARGV: whether there is an old value, it; whether there is a new one, it, its ttl; whether to tell what is there instead.
	swap = valkey.NewLuaScript(`local is = redis.call('GET', KEYS[1])
if (ARGV[1] == '1') ~= (is ~= false) or (is and is ~= ARGV[2]) then
	if ARGV[6] == '1' then return {redis.call('TIME'), is} end
	return 0
end
if ARGV[3] == '1' then redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5]) else redis.call('UNLINK', KEYS[1]) end
return 1`)
)

// state is what is at a key, and when.
type state struct {
	now   time.Time
	value []byte
}

func (s *Store) read(ctx context.Context, key string) (state, error) {
	got, err := s.line.do(ctx, func(ctx context.Context, c valkey.Client) answers {
		return one(read.Exec(ctx, c, []string{key}, nil))
	})
	if err != nil {
		return state{}, err
	}
	m, err := got[0].ToMessage()
	if err != nil {
		return state{}, unavailable(err)
	}
	return stateOf(m)
}

// swap writes value where old is there. Where it is not and tell is set, it returns what is.
func (s *Store) swap(ctx context.Context, key string, old, value []byte, ttl time.Duration, tell bool) (bool, state, error) {
	got, err := s.line.do(ctx, func(ctx context.Context, c valkey.Client) answers {
		return one(swap.Exec(ctx, c, []string{key}, []string{
			bit(old != nil), valkey.BinaryString(old), bit(value != nil), valkey.BinaryString(value), strconv.FormatInt(milliseconds(ttl), 10), bit(tell),
		}))
	})
	if err != nil {
		return false, state{}, err
	}
	m, err := got[0].ToMessage()
	if err != nil {
		return false, state{}, unavailable(err)
	}
	if m.IsArray() {
		is, err := stateOf(m)
		return false, is, err
	}
	done, err := m.ToInt64()
	if err != nil {
		return false, state{}, unavailable(err)
	}
	return done == 1, state{}, nil
}

// stateOf reads {{seconds, microseconds}, value}.
func stateOf(m valkey.ValkeyMessage) (state, error) {
	parts, err := m.ToArray()
	if err != nil || len(parts) != 2 {
		return state{}, unavailable(fmt.Errorf("the script answers %d parts: %w", len(parts), err))
	}
	clock, err := parts[0].AsIntSlice()
	if err != nil || len(clock) != 2 {
		return state{}, unavailable(fmt.Errorf("the script tells no time: %w", err))
	}
	value, err := bytesOf(parts[1], nil)
	return state{time.UnixMicro(clock[0]*1e6 + clock[1]), value}, err
}

// bytesOf is a value: nil where there is none. The bytes are the message's own, which nobody else has.
func bytesOf(m valkey.ValkeyMessage, err error) ([]byte, error) {
	if err == nil {
		var value []byte
		if value, err = m.AsBytes(); err == nil && len(value) == 0 {
			return []byte{}, nil
		}
		if err == nil {
			return value, nil
		}
	}
	if valkey.IsValkeyNil(err) {
		return nil, nil
	}
	return nil, unavailable(err)
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}
