package data_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

// TestN13ExplainShowsStatementsWithTheirPlans asks an app what an operation does, before and after a request of it ran, and looks that to explain
// changes nothing.
func TestN13ExplainShowsStatementsWithTheirPlans(t *testing.T) {
	t.Parallel()
	each(t, explains)
}

func explains(t *testing.T, db *data.DB) {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Provide(db.Tx)
	app.Post("/users/{name}", func(ctx context.Context, in *struct {
		Name string   `path:"name"`
		Tx   *data.Tx `dep:""`
	}) (*tenon.NoContent, error) {
		if _, err := users.Insert(ctx, in.Tx, userRow{Name: in.Name, Email: in.Name, Age: 30}); err != nil {
			return nil, err
		}
		if err := asksAbout(ctx, db.Engine(), in.Tx); err != nil {
			return nil, err
		}
		_, err := data.All[int64](ctx, in.Tx, data.SQL("SELECT id FROM users WHERE id = ? AND name <> ?", 1, "secret-value"))
		return nil, err
	})
	s := tenontest.New(t, app)
	explain := func(path string) tenon.Explanation {
		e, err := app.Explain(httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if e := explain("/users/ada"); e.Ran != nil {
		t.Errorf("before any request it ran %+v", e.Ran)
	}
	for _, name := range []string{"ada", "grace"} {
		s.Post("/users/"+name, nil).Status(http.StatusNoContent)
	}
	for range 2 { // what one explanation prepares is in nobody's way
		e := explain("/users/joan")
		if len(e.Ran) != 2 {
			t.Fatalf("it ran %d statements, want 2: %+v", len(e.Ran), e.Ran)
		}
		text := e.String()
		for _, want := range []string{
			"What its requests asked of databases", "statement    INSERT INTO users", "statement    SELECT id FROM users WHERE id = ",
			map[bool]string{true: "SEARCH users USING INTEGER PRIMARY KEY (rowid=?)", false: "Index Scan using users_pkey"}[strings.HasSuffix(t.Name(), "sqlite")],
		} {
			if !strings.Contains(text, want) {
				t.Errorf("there is no %q in\n%s", want, text)
			}
		}
		if strings.Contains(text, "secret-value") || strings.Contains(text, "no plan") {
			t.Errorf("it tells a value, or has no plan:\n%s", text)
		}
	}
	if n := count(t, db); n != 2 {
		t.Errorf("there are %d rows, want 2", n)
	}
}

// asksAbout runs what asks of the database how it would run something, or what is set, and so has no plan of its own.
func asksAbout(ctx context.Context, engine string, tx *data.Tx) error {
	if engine == "sqlite" {
		_, err := data.All[struct {
			ID, Parent, Notused int
			Detail              string
		}](ctx, tx, data.SQL("EXPLAIN QUERY PLAN SELECT id FROM users"))
		return err
	}
	for _, query := range []data.Query{data.SQL("SHOW server_version"), data.SQL(" explain SELECT id FROM users"), data.SQL("/* a */ EXPLAIN (COSTS OFF) SELECT 1")} {
		if _, err := data.All[string](ctx, tx, query); err != nil {
			return err
		}
	}
	return nil
}
