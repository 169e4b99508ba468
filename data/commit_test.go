package data_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/tenontest"
)

// TestCommitWithoutAnAnswer cuts the connection at COMMIT, so that nobody knows whether it happened: it does not run again, and a client is told so, and not
// to ask again.
func TestCommitWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	proxy := datatest.StartProxy(t, datatest.PostgresURL(t, migrations(t)))
	db := datatest.Open(t, proxy.URL(), data.Config{})
	runs := 0
	write := func(ctx context.Context, tx *data.Tx) error {
		runs++
		_, err := tx.Exec(ctx, data.SQL("DELETE FROM posts"))
		proxy.Cut()
		return err
	}
	err := db.Write(t.Context(), write)
	if runs != 1 || !errors.Is(err, data.ErrUnknown) || errors.Is(err, data.ErrUnavailable) {
		t.Errorf("%d runs, %v, want one run and ErrUnknown", runs, err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(data.ErrUnavailable, data.ErrUnknown))
	app.Provide(db.Tx)
	app.Post("/write", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) { return nil, db.Write(ctx, write) })
	app.Post("/tx", func(ctx context.Context, in *struct {
		Tx *data.Tx `dep:""`
	},
	) (*tenon.NoContent, error) {
		return nil, write(ctx, in.Tx)
	})
	for _, path := range []string{"/write", "/tx"} {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, http.NoBody))
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"code":"database-outcome-unknown"`) || w.Header().Get("Retry-After") != "" {
			t.Errorf("%s: %d %v %s, want 503 database-outcome-unknown without Retry-After", path, w.Code, w.Header(), w.Body)
		}
	}
}

// TestACommitThatWasNotSent cuts the connection before COMMIT: nothing happened, which is known.
func TestACommitThatWasNotSent(t *testing.T) {
	t.Parallel()
	proxy := datatest.StartProxy(t, datatest.PostgresURL(t, migrations(t)))
	db := datatest.Open(t, proxy.URL(), data.Config{})
	for _, tt := range []struct {
		name  string
		after func(ctx context.Context, tx *data.Tx) error
	}{
		{"a statement found out", func(ctx context.Context, tx *data.Tx) error {
			proxy.Cut()
			_, _ = tx.Exec(ctx, data.SQL("DELETE FROM posts")) // whatever comes of it
			return nil
		}},
		{"the limit cannot be asked for", func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, data.SQL("SET LOCAL statement_timeout = '1min'"))
			proxy.Cut()
			return err
		}},
	} {
		fail := func(ctx context.Context, tx *data.Tx) error {
			if _, err := users.Insert(ctx, tx, userRow{Name: "a", Email: tt.name, Age: 1}); err != nil {
				return err
			}
			return tt.after(ctx, tx)
		}
		runs, before := 0, count(t, db)
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			if runs++; runs > 1 {
				_, err := users.Insert(ctx, tx, userRow{Name: "a", Email: tt.name, Age: 1})
				return err
			}
			return fail(ctx, tx)
		})
		if runs != 2 || err != nil {
			t.Errorf("%s: %d runs, %v, want 2 and no error", tt.name, runs, err)
		}
		if n := count(t, db) - before; n != 1 {
			t.Errorf("%s: %d rows, want 1", tt.name, n)
		}
		tx, err := db.Tx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := tt.after(t.Context(), tx); err != nil {
			t.Error(err)
		}
		if err := tx.Finish(t.Context(), nil); !errors.Is(err, data.ErrUnavailable) || errors.Is(err, data.ErrUnknown) {
			t.Errorf("%s, of a request: %v, want ErrUnavailable", tt.name, err)
		}
	}
}

// TestADeadlineBeforeCommitRollsBack ends the context of a transaction before its COMMIT: it is known that nothing happened.
func TestADeadlineBeforeCommitRollsBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		add := func(ctx context.Context, tx *data.Tx) error {
			_, err := users.Insert(ctx, tx, userRow{Name: "a", Email: "a", Age: 1})
			return err
		}
		for _, tt := range []struct {
			name string
			do   func(ctx context.Context, end func()) error
		}{
			{"of a Write", func(ctx context.Context, end func()) error {
				return db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
					err := add(ctx, tx)
					end()
					return err
				})
			}},
			{"of a request", func(ctx context.Context, end func()) error {
				tx, err := db.Tx(ctx, nil)
				if err != nil {
					return err
				}
				err = add(ctx, tx)
				end()
				return errors.Join(err, tx.Finish(context.WithoutCancel(ctx), err))
			}},
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			err := tt.do(ctx, func() { <-ctx.Done() })
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, data.ErrUnknown) || errors.Is(err, data.ErrUnavailable) {
				t.Errorf("%s, late: %v, want the end of the context", tt.name, err)
			}
			ctx, cancel = context.WithCancel(t.Context())
			err = tt.do(ctx, cancel)
			if !errors.Is(err, context.Canceled) || errors.Is(err, data.ErrUnknown) || errors.Is(err, data.ErrUnavailable) {
				t.Errorf("%s, cancelled: %v, want the end of the context", tt.name, err)
			}
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%d rows, want none", n)
		}
	})
}
