package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tenon-go/tenon/problem"
)

// core is what all kinds of session have, whatever their values are.
type core struct {
	cfg    Config
	sealer *sealer // nil: the values stand in the store
	most   int     // bytes of a value
}

func newCore(cfg Config) *core {
	c := &core{cfg: cfg, most: MaxStored}
	if cfg.Store == nil {
		c.sealer = newSealer(cfg.Keys, cfg.Name)
		for c.most = MaxCookie; c.frame()+sealedLen(recordHead+c.most) > MaxCookie; {
			c.most--
		}
	}
	return c
}

// loaded is what a request brought along.
type loaded struct {
	record

	id    string // in the store; "" is none
	older bool   // it is sealed by a key that seals no more
	there bool   // there is a cookie, whatever it is worth
}

// load finds the session of a request. A cookie that counts for nothing is an empty session; an error says that nobody can tell.
func (c *core) load(ctx context.Context, lines []string, now time.Time) (loaded, error) {
	value, there, err := find(lines, c.cfg.Name)
	if !there {
		return loaded{}, nil
	}
	var l loaded
	if err == nil {
		l, err = c.read(ctx, value, now)
	}
	if away, ok := errors.AsType[*problem.Error](err); ok {
		return loaded{}, away
	}
	if err != nil {
		c.cfg.Logger.DebugContext(ctx, "a session counts for nothing", slog.String("cookie", c.cfg.Name), slog.String("reason", err.Error()))
		l = loaded{}
	}
	l.there = true
	return l, nil
}

func (c *core) read(ctx context.Context, value string, now time.Time) (l loaded, err error) {
	if len(value) > MaxCookie {
		return l, errForm
	}
	var kept []byte
	if c.sealer != nil {
		if kept, l.older, err = c.sealer.open(value); err != nil {
			return l, err
		}
	} else {
		if kept, err = c.fetch(ctx, value); err != nil {
			return l, err
		}
		l.id = value
	}
	l.record, err = readRecord(kept, now, c.cfg.Idle, c.cfg.Absolute)
	return l, err
}

const idBytes = 32

var errUnknown = errors.New("nothing is kept of it")

// fetch asks the store.
func (c *core) fetch(ctx context.Context, id string) ([]byte, error) {
	if raw, err := decode(id); err != nil || len(raw) != idBytes {
		return nil, errForm
	}
	kept, err := c.cfg.Store.Get(ctx, c.key(id))
	switch {
	case err != nil:
		return nil, away(err)
	case kept[0] == nil:
		return nil, errUnknown
	}
	return kept[0], nil
}

// away is the problem of a store that cannot be asked.
func away(err error) *problem.Error {
	return problem.Wrap(problem.CodeUnavailable, "", fmt.Errorf("session: %w", err))
}

// key is that of a session in the store: not the id, so that who reads the store cannot take a session over.
func (c *core) key(id string) string {
	sum := sha256.Sum256([]byte("tenon session 1 " + c.cfg.Name + "\x00" + id))
	return "session:" + base64.RawURLEncoding.EncodeToString(sum[:])
}

func newID() string {
	var raw [idBytes]byte
	_, _ = rand.Read(raw[:]) // it does not fail: the process ends instead
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// left is how long a session that is used now is kept.
func (c *core) left(created, now time.Time) time.Duration {
	return max(min(c.cfg.Idle, created.Add(c.cfg.Absolute).Sub(now)), time.Second)
}

// begin keeps a new session in the store.
func (c *core) begin(ctx context.Context, id string, r *record) error {
	if err := c.cfg.Store.Set(ctx, c.key(id), r.bytes(), c.left(r.created, r.used)); err != nil {
		return away(err)
	}
	return nil
}

// move changes a session in the store by what change makes of its text; a session that has ended meanwhile stays ended.
func (c *core) move(ctx context.Context, id string, now time.Time, change func(text []byte) ([]byte, error)) error {
	var wrong error
	err := c.cfg.Store.Update(ctx, c.key(id), func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
		wrong = nil
		r, err := readRecord(old, now, c.cfg.Idle, c.cfg.Absolute)
		if err != nil {
			return nil, 0, true
		}
		if r.text, wrong = change(r.text); wrong != nil {
			return nil, 0, true
		}
		if now.After(r.used) {
			r.used = now
		}
		return r.bytes(), c.left(r.created, now), false
	})
	if err != nil {
		return away(err)
	}
	return wrong
}

// replace ends a session that goes on under another id, and returns what its text was at last; nil is that it had ended before.
func (c *core) replace(ctx context.Context, id string, now time.Time) (text []byte, err error) {
	err = c.cfg.Store.Update(ctx, c.key(id), func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
		r, wrong := readRecord(old, now, c.cfg.Idle, c.cfg.Absolute)
		text = r.text
		return nil, 0, wrong != nil
	})
	if err != nil {
		return nil, away(err)
	}
	return text, nil
}

// end removes a session from the store.
func (c *core) end(ctx context.Context, id string) error {
	if err := c.cfg.Store.Delete(ctx, c.key(id)); err != nil {
		return away(err)
	}
	return nil
}
