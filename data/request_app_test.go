package data_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// change is a request that writes, and ends as it says.
type change struct {
	How string   `path:"how"`
	Tx  *data.Tx `dep:""`
}

// TestDR22RequestsAreAtomic ends requests that have written in each way, over HTTP.
func TestDR22RequestsAreAtomic(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		after := make(chan string, 10)
		app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(problem.New(problem.CodeConflict, "")))
		app.Provide(db.Tx)
		app.Post("/{how}", func(ctx context.Context, in *change) (*tenon.NoContent, error) {
			in.Tx.AfterCommit(func(context.Context) {
				after <- in.How
				if in.How == "late" {
					panic("after the commit")
				}
			})
			in.Tx.AfterCommit(func(context.Context) { after <- in.How })
			if _, err := users.Insert(ctx, in.Tx, userRow{Name: "a", Email: in.How, Age: 1}); err != nil {
				return nil, err
			}
			switch in.How {
			case "error":
				return nil, errors.New("of the handler")
			case "problem":
				return nil, problem.New(problem.CodeConflict, "")
			case "panic":
				panic("of the handler")
			case "deferred": // is violated at COMMIT
				_, err := in.Tx.Exec(ctx, data.SQL("INSERT INTO later VALUES (404)"))
				return nil, err
			}
			return nil, nil
		})
		later(t, db)
		s := tenontest.New(t, app, tenontest.Config{IgnoreUndeclared: true})
		for i, tt := range []struct {
			how          string
			status, rows int
		}{
			{"success", 204, 1}, {"error", 500, 1}, {"problem", 409, 1}, {"panic", 500, 1}, {"deferred", 422, 1}, {"late", 500, 2}, {"again", 204, 3},
		} {
			s.Post("/"+tt.how, "").Status(tt.status)
			if got := count(t, db); got != int64(tt.rows) {
				t.Errorf("%d: after %s there are %d rows, want %d", i, tt.how, got, tt.rows)
			}
		}
		close(after)
		var done []string
		for how := range after {
			done = append(done, how)
		}
		if got := strings.Join(done, " "); got != "success success late again again" {
			t.Errorf("after a commit: %s, want only what was committed", got)
		}
	})
}

// later makes a table whose references are looked at when a transaction commits.
func later(t *testing.T, db *data.DB) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, data.SQL("CREATE TABLE later (user_id BIGINT REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAP06AClientThatLeavesEndsItsStatement closes the connection while a statement runs: it ends, what was written is gone, and the next writer has its turn.
func TestAP06AClientThatLeavesEndsItsStatement(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		ctx, leave := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(data.ErrUnavailable))
		app.Provide(db.Tx)
		app.Post("/{how}", func(ctx context.Context, in *change) (*tenon.NoContent, error) {
			if _, err := users.Insert(ctx, in.Tx, userRow{Name: "a", Email: in.How, Age: 1}); err != nil {
				return nil, err
			}
			leave()
			_, err := data.One[int64](ctx, in.Tx, data.SQL("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"))
			ended <- err
			return nil, err
		})
		server := httptest.NewServer(app)
		defer server.Close()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/leaves", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := server.Client().Do(r); err == nil {
			answer.Body.Close()
			t.Error("the client has an answer")
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the statement ended with %v, want the client's end", err)
		}
		for i := range 3 { // each waits for the writer before it
			insert(t, db, userRow{Name: "b", Email: strconv.Itoa(i), Age: 1})
		}
		if got := count(t, db); got != 3 {
			t.Errorf("%d rows, want 3: the client's is undone", got)
		}
	})
}
