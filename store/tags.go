package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"
)

// Tags lets what is kept in a Store be invalidated by what it was made of. Each tag has a generation, a random value at a key of its own;
// whoever makes a value takes a Stamp first, keeps it with the value, and serves the value only while the stamp is Fresh. What was begun before
// an Invalidate is so never served after it, however late it is stored, nor is what it was stamped by when the Store forgot a generation.
type Tags struct {
	// Store keeps the generations; values may be kept in another one.
	Store Store
	// TTL is how long a generation is kept, from its first stamp or its last Renew on: no stamp is fresh for longer. Default: 24 hours.
	TTL time.Duration
}

const (
	generation = 16 // bytes
	tagPrefix  = "tag:"
)

// Stamp returns the tags with their generations, as bytes that Fresh reads. It is taken before the first read of what the value is made of.
// Tags are 1 to MaxKey-4 bytes.
func (t Tags) Stamp(ctx context.Context, tags ...string) ([]byte, error) {
	if len(tags) == 0 {
		return nil, nil
	}
	now, err := t.Store.Get(ctx, keysOf(tags)...)
	if err != nil {
		return nil, err
	}
	var stamp []byte
	for i, tag := range tags {
		if len(now[i]) != generation {
			if now[i], err = t.begin(ctx, tag); err != nil {
				return nil, err
			}
		}
		stamp = binary.AppendUvarint(stamp, uint64(len(tag)))
		stamp = append(stamp, tag...)
		stamp = append(stamp, now[i]...)
	}
	return stamp, nil
}

// begin is the generation of a tag that had none. Where another call began one that is gone again, it is one that nobody has: never fresh.
func (t Tags) begin(ctx context.Context, tag string) ([]byte, error) {
	fresh := make([]byte, generation)
	rand.Read(fresh) // never fails
	added, err := t.Store.Add(ctx, keyOf(tag), fresh, t.ttl())
	if err != nil || added {
		return fresh, err
	}
	theirs, err := t.Store.Get(ctx, keyOf(tag))
	if err != nil {
		return nil, err
	}
	if len(theirs[0]) == generation {
		return theirs[0], nil
	}
	return fresh, nil
}

// Fresh reports whether no tag of a stamp was invalidated since. A stamp of no tags is always fresh; what is no stamp never is.
func (t Tags) Fresh(ctx context.Context, stamp []byte) (bool, error) {
	tags, generations, ok := parse(stamp)
	if !ok || len(tags) == 0 {
		return ok, nil
	}
	now, err := t.Store.Get(ctx, keysOf(tags)...)
	if err != nil {
		return false, err
	}
	for i, is := range now {
		if string(is) != generations[i] {
			return false, nil
		}
	}
	return true, nil
}

// Invalidate ends the generations of tags: all that was stamped with one of them before is no longer fresh, once Invalidate has returned. It
// is called after what the values are made of has changed, and committed. On an error some may be fresh still.
func (t Tags) Invalidate(ctx context.Context, tags ...string) error {
	return t.Store.Delete(ctx, keysOf(tags)...)
}

// Renew has the generations of tags kept for TTL from now on, so that what is stamped by them may be fresh for longer. Tags that have none are
// left so.
func (t Tags) Renew(ctx context.Context, tags ...string) error {
	for _, key := range keysOf(tags) {
		err := t.Store.Update(ctx, key, func(_ time.Time, old []byte) ([]byte, time.Duration, bool) { return old, t.ttl(), old == nil })
		if err != nil {
			return err
		}
	}
	return nil
}

func (t Tags) ttl() time.Duration { return cmp.Or(t.TTL, 24*time.Hour) }

// parse takes a stamp apart.
func parse(stamp []byte) (tags, generations []string, ok bool) {
	for len(stamp) > 0 {
		n, read := binary.Uvarint(stamp)
		if read <= 0 || n < 1 || n > MaxKey-uint64(len(tagPrefix)) || uint64(len(stamp)-read) < n+generation {
			return nil, nil, false
		}
		end := read + int(n)
		tags = append(tags, string(stamp[read:end]))
		generations = append(generations, string(stamp[end:end+generation]))
		stamp = stamp[end+generation:]
	}
	return tags, generations, true
}

func keyOf(tag string) string {
	if tag == "" {
		return "" // which every Store refuses
	}
	return tagPrefix + tag
}

func keysOf(tags []string) []string {
	keys := make([]string, len(tags))
	for i, tag := range tags {
		keys[i] = keyOf(tag)
	}
	return keys
}
