package data_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

// recorder is a test that keeps its failures.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) all() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.failures, "\n")
}

// bosses is an app with handlers that read well and badly.
func bosses(db *data.DB, logger *slog.Logger) *tenon.App {
	app := tenon.New(tenon.Config{Logger: logger}, tenon.Fails(data.ErrUnavailable))
	app.Provide(db.Tx)
	read := func(path string, f func(ctx context.Context, v *data.View, rows []person) error, opts ...tenon.Option) {
		app.Get(path, func(ctx context.Context, _ *struct{}) (*struct{ N int }, error) {
			n := 0
			err := db.Read(ctx, func(ctx context.Context, v *data.View) error {
				rows, err := data.All[person](ctx, v, data.SQL("SELECT id, name, boss_id, mentor_id FROM people ORDER BY id LIMIT 5"))
				n = len(rows)
				return errors.Join(err, f(ctx, v, rows))
			})
			return &struct{ N int }{n}, err
		}, opts...)
	}
	one := func(ctx context.Context, v *data.View, p person) error {
		_, err := notes.Where(notePerson.Is(p.ID)).Count(ctx, v) // the line that is told
		return err
	}
	each := func(ctx context.Context, v *data.View, rows []person) (err error) {
		for _, p := range rows {
			err = errors.Join(err, one(ctx, v, p))
		}
		return err
	}
	read("/each", each)
	read("/three", func(ctx context.Context, v *data.View, rows []person) error { return each(ctx, v, rows[:3]) })
	read("/allowed", func(ctx context.Context, v *data.View, rows []person) error {
		return each(data.AllowRepeats(ctx, "the test wants it"), v, rows)
	})
	read("/batch", func(ctx context.Context, v *data.View, rows []person) error {
		_, err := personNotes.Load(ctx, v, rows)
		return err
	}, data.Budget(2))
	read("/singly", func(ctx context.Context, v *data.View, rows []person) (err error) {
		for _, p := range rows {
			_, err = personNotes.Load(ctx, v, []person{p})
		}
		return err
	})
	read("/many", func(ctx context.Context, v *data.View, _ []person) error {
		rows := make([]person, 6000)
		for i := range rows {
			rows[i].ID = int64(i)
		}
		_, err := personNotes.Load(ctx, v, rows)
		return err
	})
	read("/budget", func(ctx context.Context, v *data.View, rows []person) error { return each(ctx, v, rows[:3]) }, data.Budget(2))
	app.Post("/tx", func(ctx context.Context, in *struct {
		Tx *data.Tx `dep:""`
	},
	) (*struct{}, error) {
		for range 4 {
			if _, err := labels.Insert(ctx, in.Tx, label{Name: "x"}); err != nil {
				return nil, err
			}
		}
		return &struct{}{}, nil
	})
	return app
}

// TestSD131RepeatsFailTheTest asks operations that repeat statements, and those that do not.
func TestSD131RepeatsFailTheTest(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		staff(t, db, 5)
		for _, tt := range []struct{ method, path, want string }{
			{"GET", "/three", ""},
			{"GET", "/allowed", ""},
			{"GET", "/batch", ""},
			{"GET", "/many", ""},
			{"GET", "/each", "GET /each: data-repeats: a statement ran more than 3 times, where one could load for all rows (see data.NewMany), " +
				"at data/seen_test.go:54: SELECT COUNT(*) FROM notes WHERE person_id = "},
			{"GET", "/singly", "GET /singly: data-repeats: a statement ran more than 3 times, where one could load for all rows (see data.NewMany), " +
				"at data/seen_test.go:74: SELECT person_id AS tenon_of"},
			{"GET", "/budget", "GET /budget: data-budget: more statements than the operation may run (see data.Budget), at data/seen_test.go:54: SELECT COUNT(*)"},
			{"POST", "/tx", "POST /tx: data-repeats: a statement ran more than 3 times"},
		} {
			r := &recorder{TB: t}
			tenontest.New(r, bosses(db, tenontest.Logger(t))).Do(tt.method, tt.path, nil)
			if got := r.all(); !strings.HasPrefix(got, tt.want) || (got == "") != (tt.want == "") || strings.Contains(got, "\n") {
				t.Errorf("%s: %s, want %s", tt.path, got, tt.want)
			}
		}
	})
}
