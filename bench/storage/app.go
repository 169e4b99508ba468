package storage

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
)

// patient is a database whose statements may take as long as filling it does.
func patient(tb testing.TB, dsn string) *data.DB {
	tb.Helper()
	db, err := data.Open(tb.Context(), dsn, data.Config{
		Migrations: store.Migrations(),
		Postgres:   data.PostgresConfig{Statement: 10 * time.Minute, Idle: 10 * time.Minute},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() }) // what is in it goes too
	return db
}

// inside is the store in this process: what a request costs without the network.
func inside(tb testing.TB, db *data.DB) http.Handler {
	tb.Helper()
	app, err := store.New(store.Config{DB: db, Logger: slog.New(slog.DiscardHandler), Limit: "0"})
	if err != nil {
		tb.Fatal(err)
	}
	return app
}

// signedIn makes an admin, and requests to h theirs.
func signedIn(tb testing.TB, db *data.DB, h http.Handler) http.Handler {
	tb.Helper()
	if _, _, err := store.MakeAdmin(tb.Context(), db, store.Admin{Email: adminEmail, Password: tenon.NewSecret(secret)}); err != nil {
		tb.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, login, strings.NewReader(credentials))
	r.Header.Set("Content-Type", "application/json")
	h.ServeHTTP(w, r)
	token := []string{"Bearer " + member(w.Body.Bytes(), "access_token")}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header["Authorization"] = token
		h.ServeHTTP(w, r)
	})
}

// filled runs statements in one transaction.
func filled(tb testing.TB, db *data.DB, statements ...data.Query) {
	tb.Helper()
	err := db.Write(tb.Context(), func(ctx context.Context, tx *data.Tx) error {
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// fetched answers a GET, which must succeed.
func fetched(tb testing.TB, ctx context.Context, h http.Handler, path string) []byte { //nolint:revive // the context may be one that counts
	tb.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, http.NoBody))
	if w.Code != http.StatusOK {
		tb.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// nothing is a ResponseWriter that keeps only the status.
type nothing struct {
	header http.Header
	status int
}

func (n *nothing) Header() http.Header               { return n.header }
func (n *nothing) WriteHeader(status int)            { n.status = status }
func (n *nothing) Write(p []byte) (int, error)       { return len(p), nil }
func (n *nothing) WriteString(s string) (int, error) { return len(s), nil }

var _ io.StringWriter = (*nothing)(nil)

// load is a request that a handler answers again and again.
type load struct {
	h       http.Handler
	url     *url.URL
	samples []time.Duration
}

func newLoad(tb testing.TB, h http.Handler, path string) *load {
	tb.Helper()
	fetched(tb, tb.Context(), h, path)
	u, err := url.Parse(path)
	if err != nil {
		tb.Fatal(err)
	}
	return &load{h: h, url: u}
}

// sample answers the request n times and notes what one took.
func (l *load) sample(tb testing.TB, n int) {
	tb.Helper()
	begin := time.Now()
	for range n {
		u := *l.url
		r := (&http.Request{Method: http.MethodGet, URL: &u, Host: "localhost", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
			Body: http.NoBody, RequestURI: l.url.String()}).WithContext(tb.Context())
		w := &nothing{header: http.Header{}}
		l.h.ServeHTTP(w, r)
		if w.status != 0 && w.status != http.StatusOK {
			tb.Fatalf("%s: %d", l.url, w.status)
		}
	}
	l.samples = append(l.samples, time.Since(begin)/time.Duration(n))
}

// compare samples two loads in turn. It returns the median of each, and the median of how many times as long as b a took in the same round: what the machine
// does meanwhile, it does to both.
func compare(tb testing.TB, rounds, n int, a, b *load) (ours, theirs time.Duration, ratio float64) {
	tb.Helper()
	for round := range rounds {
		first, second := a, b
		if round%2 == 1 {
			first, second = b, a
		}
		first.sample(tb, n)
		second.sample(tb, n)
	}
	ratios := make([]float64, rounds)
	for i := range ratios {
		ratios[i] = float64(a.samples[i]) / float64(b.samples[i])
	}
	return median(a.samples), median(b.samples), median(ratios)
}

func median[T cmp.Ordered](list []T) T {
	slices.Sort(list)
	return list[len(list)/2]
}
