package session

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/tenon-go/tenon"
)

// state is a session while a request runs.
type state[T any] struct {
	core   *core           // nil: it is kept nowhere
	ctx    context.Context //nolint:containedctx // It is that of the request, which this is a part of.
	before loaded
	now    time.Time

	value    T
	text     []byte // the value as JSON; nil is an empty session
	changes  []func(*T)
	renewed  bool // what was there before is not what is kept from now on
	gone     bool // it was destroyed
	answered bool
	id       string // the new one, which is in the store
	line     string // what Set-Cookie says
	kept     bool   // the store is up to date, or stays as it is
	lost     bool   // what was to be renewed had ended
	failed   error
}

// storeTime is the most time for what is asked of the store when the header leaves.
const storeTime = 5 * time.Second

func (s *state[T]) change(fn func(*T)) error {
	if s.answered {
		return ErrAnswered
	}
	text, value, err := s.apply(s.text, fn)
	if err != nil {
		return err
	}
	s.text, s.value = text, value
	s.changes = append(s.changes, fn)
	return nil
}

// apply makes of a text what changes come to.
func (s *state[T]) apply(text []byte, changes ...func(*T)) ([]byte, T, error) {
	var value T
	if text != nil {
		if err := json.Unmarshal(text, &value); err != nil {
			return nil, value, fmt.Errorf("session: read %T: %w", value, err)
		}
	}
	for _, fn := range changes {
		fn(&value)
	}
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return nil, value, fmt.Errorf("session: write %T: %w", value, err)
	}
	if s.core != nil && len(text) > s.core.most {
		return nil, value, s.core.tooLarge(len(text))
	}
	return text, value, nil
}

func (c *core) tooLarge(size int) error {
	if c.sealer == nil {
		return fmt.Errorf("%w: it has %d bytes as JSON, and %d have room in the store", ErrTooLarge, size, c.most)
	}
	return fmt.Errorf("%w: it has %d bytes as JSON, and %d have room in a cookie of %d; keep less, or give session.Config a Store",
		ErrTooLarge, size, c.most, MaxCookie)
}

func (s *state[T]) renew() {
	if !s.late("Renew") {
		s.renewed = true
	}
}

func (s *state[T]) destroy() {
	if s.late("Destroy") {
		return
	}
	var none T
	s.value, s.text, s.changes, s.renewed, s.gone = none, nil, nil, true, true
}

func (s *state[T]) late(what string) bool {
	if s.answered {
		tenon.Report(s.ctx, "session-late", what+" of a session does nothing when the header of the answer is made; call it before the handler returns")
	}
	return s.answered
}

// changed reports whether there is anything new to keep.
func (s *state[T]) changed() bool {
	stale := s.before.older || s.now.Sub(s.before.used) >= s.core.cfg.Idle/10
	return s.text != nil && (s.renewed || stale || !bytes.Equal(s.text, s.before.text))
}

// answer sets the cookie where something changed. What gets a new id is in the store before a browser knows it. A stored id is told once, for as long
// as it may live: an answer that comes late would put one that has ended over that of another session.
func (s *state[T]) answer(h http.Header) {
	if s.core == nil {
		return
	}
	s.answered = true
	next := record{created: s.before.created, used: s.now, text: s.text}
	if s.before.text == nil || s.renewed {
		next.created = s.now
	}
	switch {
	case s.text == nil && s.gone && s.before.there:
		s.set(h, "", 0)
	case !s.changed():
	case s.core.sealer != nil:
		s.set(h, s.core.sealer.seal(next.bytes()), s.core.left(next.created, s.now))
	case s.before.id == "" || s.renewed:
		s.id = newID()
		if s.failed = s.core.begin(s.ctx, s.id, &next); s.failed == nil {
			s.set(h, s.id, s.core.cfg.Absolute)
		}
	}
}

func (s *state[T]) set(h http.Header, value string, age time.Duration) {
	s.line = s.core.cookie(value, age).String()
	h["Set-Cookie"] = append(slices.Clip(h["Set-Cookie"]), s.line)
}

// leave is called before the header of a success is sent. An answer that is sent piece by piece has not finished then, and what it ends has ended
// whatever becomes of the rest. It reports whether the header sets the cookie.
func (s *state[T]) leave(h http.Header) bool {
	if s.answered && !s.kept {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), storeTime)
		defer cancel()
		s.keep(ctx)
	}
	if s.lost {
		h["Set-Cookie"] = slices.DeleteFunc(slices.Clone(h["Set-Cookie"]), func(line string) bool { return line == s.line })
		s.line = ""
	}
	return s.line != ""
}

// finish brings the store up to date, unless the request failed before its header was sent.
func (s *state[T]) finish(ctx context.Context, err error) error {
	switch {
	case s.core == nil:
		return nil
	case s.kept:
		return s.failed
	case err != nil:
		s.kept = true
		return nil //nolint:nilerr // It is told by those whose it is; nothing was kept.
	}
	s.keep(ctx)
	return s.failed
}

// keep brings the store up to date, once.
func (s *state[T]) keep(ctx context.Context) {
	s.kept = true
	switch {
	case s.failed != nil || s.before.id == "":
	case s.gone:
		s.failed = s.core.end(ctx, s.before.id)
	case s.renewed:
		s.failed = s.replace(ctx)
	case s.changed():
		s.failed = s.core.move(ctx, s.before.id, s.now, func(text []byte) ([]byte, error) {
			text, _, err := s.apply(text, s.changes...)
			return text, err
		})
	}
}

// replace ends the old id, of which the new one has what it was when the request came, and now gets what others have made of it meanwhile.
func (s *state[T]) replace(ctx context.Context) error {
	text, err := s.core.replace(ctx, s.before.id, s.now)
	switch {
	case err != nil:
		return err
	case text == nil:
		s.lost = true
		return s.core.end(ctx, s.id)
	case bytes.Equal(text, s.before.text):
		return nil
	}
	if text, _, err = s.apply(text, s.changes...); err != nil {
		return err
	}
	return s.core.begin(ctx, s.id, &record{created: s.now, used: s.now, text: text})
}
