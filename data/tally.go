package data

import (
	"context"
	"sync/atomic"
)

// Tally counts the statements that are run with its context. Make one with NewTally. It is safe for concurrent use.
type Tally struct{ statements atomic.Int64 }

type tallyKey struct{}

// NewTally returns a context whose statements are counted, such as in a test:
//
//	ctx, tally := data.NewTally(t.Context())
func NewTally(ctx context.Context) (context.Context, *Tally) {
	t := &Tally{}
	return context.WithValue(ctx, tallyKey{}, t), t
}

// Statements is how many there were, besides those that begin and end transactions.
func (t *Tally) Statements() int { return int(t.statements.Load()) }

func (t *Tally) add() { t.statements.Add(1) }
