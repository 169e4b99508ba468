package ratelimit

import (
	"context"
	"errors"
	"fmt"
)

// Meter is a limit for what only a handler knows, such as the account of a login or the recipient of a mail. Make it with Keeper.Meter; it is safe
// for concurrent use.
type Meter struct {
	keeper *Keeper
	rules  []rule
	prefix string
}

// Meter makes a limit that handlers take from. name is unique in the service, and what clients see; per is that of Limit, such as "5/hour".
func (k *Keeper) Meter(name, per string) (*Meter, error) {
	if !plain(name) {
		return nil, fmt.Errorf("ratelimit: the name %q of a Meter is not 1 to %d letters of ASCII without quotes", name, maxName)
	}
	made, err := Limit{Name: name, Per: per, By: Everybody()}.compile(name)
	if err != nil {
		return nil, fmt.Errorf("ratelimit: %w", err)
	}
	return &Meter{k, made.plans[0].rules, k.prefix + keyPrefix + sumText("meter "+name+"\n"+made.said()) + ":"}, nil
}

// Take takes one of what key has. Where nothing is left it returns ErrLimited, for the handler to return; operations declare it with tenon.Fails. An
// empty key is an error, since those who have none would share it, and so is a call that the store refuses, such as one within a transaction of the
// database that the store is in. A store that is lost, or at which others always come first, is no error.
func (m *Meter) Take(ctx context.Context, key string) error {
	if key == "" {
		return errors.New("ratelimit: Take wants a key")
	}
	a := attempts.Get().(*attempt)
	a.strict, a.local = true, false
	defer func() {
		a.strict = false
		attempts.Put(a)
	}()
	a.rules, a.cost = m.rules, 1
	a.key = appendText(append(a.key[:0], m.prefix...), key)
	if err := m.keeper.take(ctx, a); err != nil {
		return fmt.Errorf("ratelimit: %w", err)
	}
	if a.ok {
		return nil
	}
	m.keeper.counted.refused.Add(1)
	return a.refusal().problem()
}
