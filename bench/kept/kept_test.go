package kept_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/data"
)

// userRow is a row of users.
type userRow struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Age   int    `json:"age"`
}

var (
	users  = data.NewTable[userRow]("users", "id")
	userID = data.NewColumn[int64]("id")
)

type byID struct {
	ID int64 `path:"id"`
}

// app answers GET by id: of a row of a database, and of memory.
func app(tb testing.TB) http.Handler {
	tb.Helper()
	db, err := data.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "kept.db"), data.Config{Migrations: fstest.MapFS{
		"0001_users.sql": {Data: []byte("-- +goose Up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, age INTEGER NOT NULL);\n-- +goose Down\nDROP TABLE users;\n")},
	}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() }) // what is in it goes too
	err = db.Write(tb.Context(), func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, data.SQL("INSERT INTO users (id, name, email, age) VALUES (7, 'Ann', 'ann@example.com', 42)"))
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	kept, err := cache.New(cache.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	fromDatabase := func(ctx context.Context, in *byID) (*userRow, error) {
		var row userRow
		err := db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
			row, err = users.Where(userID.Is(in.ID)).One(ctx, v)
			return err
		})
		return &row, err
	}
	a := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)}, cache.Use(kept))
	a.Get("/memory/{id}", func(_ context.Context, in *byID) (*userRow, error) {
		return &userRow{in.ID, "Ann", "ann@example.com", 42}, nil
	})
	a.Get("/made/{id}", fromDatabase)
	a.Get("/kept/{id}", fromDatabase, cache.For(time.Hour))
	a.Get("/public/{id}", fromDatabase, cache.For(time.Hour), cache.Public())
	a.Get("/tagged/{id}", fromDatabase, cache.For(time.Hour), cache.Tag("users", "user/{id}"))
	if err := a.Compile(); err != nil {
		tb.Fatal(err)
	}
	return a
}

// sink is a writer that keeps nothing, and is used again.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return io.Discard.Write(b) }
func (s *sink) WriteHeader(status int)      { s.status = status }

// BenchmarkKept tells what GET by id costs in the process: from memory, from a row of SQLite, and from what is kept of that.
func BenchmarkKept(b *testing.B) {
	h := app(b)
	for _, bb := range []struct{ name, path, tag string }{
		{"memory", "/memory/7", ""}, {"made", "/made/7", ""}, {"kept", "/kept/7", ""}, {"public", "/public/7", ""}, {"tagged", "/tagged/7", ""},
		{"not modified", "/kept/7", "*"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, bb.path, nil)
			r.Header.Set("Authorization", "Bearer of somebody")
			if bb.tag != "" {
				r.Header.Set("If-None-Match", bb.tag)
			}
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				here := *r // middleware writes on it
				h.ServeHTTP(w, &here)
			}
			if w.status != http.StatusOK && bb.tag == "" {
				b.Fatal(w.status)
			}
		})
	}
}

// BenchmarkMemo tells what a value costs that is kept in the process.
func BenchmarkMemo(b *testing.B) {
	m, err := cache.NewMemo(cache.MemoConfig[int64, userRow]{
		Load: func(_ context.Context, id int64) (userRow, error) { return userRow{ID: id}, nil }, TTL: time.Hour,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Get(b.Context(), 7); err != nil {
			b.Fatal(err)
		}
	}
}

// TestKeptIsWhatIsMade has what is kept answer as what is made does, again and again.
func TestKeptIsWhatIsMade(t *testing.T) {
	t.Parallel()
	h := app(t)
	for _, path := range []string{"/memory/7", "/made/7", "/kept/7", "/kept/7", "/public/7", "/public/7", "/tagged/7", "/tagged/7"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if w.Code != http.StatusOK || w.Body.String() != `{"id":7,"name":"Ann","email":"ann@example.com","age":42}` {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// maxAllocations is the most that an answer may allocate that is kept for each caller apart.
const maxAllocations = 31

// TestAllocations holds what is kept to fewer than what is made.
func TestAllocations(t *testing.T) { //nolint:paralleltest // It counts what the whole process allocates.
	h := app(t)
	least := map[string]float64{}
	for _, path := range []string{"/made/7", "/kept/7"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer of somebody")
		w := &sink{header: http.Header{}}
		serve := func() {
			clear(w.header)
			here := *r
			h.ServeHTTP(w, &here)
		}
		serve() // which keeps it
		least[path] = testing.AllocsPerRun(1, serve)
		for range 200 { // under the race detector a pool forgets at random
			least[path] = min(least[path], testing.AllocsPerRun(1, serve))
		}
	}
	t.Logf("%v", least)
	if n := least["/kept/7"]; n > maxAllocations || n >= least["/made/7"] {
		t.Errorf("%v allocations, want %d at most and fewer than %v", n, maxAllocations, least["/made/7"])
	}
}
