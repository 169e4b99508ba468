package session_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/session"
)

var errLeft = errors.New("the client has left")

// leaver is a client that has left when the header was sent.
type leaver struct {
	http.ResponseWriter

	leave func()
}

func (l *leaver) Unwrap() http.ResponseWriter { return l.ResponseWriter }

func (l *leaver) Write([]byte) (int, error) {
	l.leave()
	return 0, errLeft
}

// download is a body without an end.
type download struct{}

func (download) Read(b []byte) (int, error) { return len(b), nil }

// TestWhatAnAnswerInPiecesEndsIsEnded: who cuts the download does not keep what its header has ended, renewed or changed.
func TestWhatAnAnswerInPiecesEndsIsEnded(t *testing.T) {
	t.Parallel()
	destroy := func(of *session.Of[visit]) error { of.Destroy(); return nil }
	renew := func(of *session.Of[visit]) error { of.Renew(); return of.Change(count) }
	change := func(of *session.Of[visit]) error { return of.Change(count) }
	const empty, once, twice = `{"empty":true,"user":"","count":0}`, `{"empty":false,"user":"","count":1}`, `{"empty":false,"user":"","count":2}`
	for _, tt := range []struct {
		name     string
		does     func(of *session.Of[visit]) error
		old, now string // what the cookie from before is worth then, and the one that the answer set
		fails    bool   // before the first piece
	}{
		{"destroyed", destroy, empty, empty, false},
		{"renewed", renew, empty, twice, false},
		{"changed", change, twice, twice, false},
		{"not destroyed where it fails before", destroy, once, once, true},
		{"not renewed where it fails before", renew, once, once, true},
		{"not changed where it fails before", change, once, once, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			clock := &clock{}
			app := newApp(t, newSessions(t, session.Config{Store: newStore(t, clock), Now: clock.now}))
			app.Put("/lines", func(_ context.Context, in *visiting) (*lines, error) {
				return &lines{func(yield func(visit, error) bool) {
					if tt.fails {
						yield(visit{}, errRefused)
						return
					}
					for yield(visit{}, nil) {
					}
				}}, tt.does(in.Session)
			}, tenon.Fails(errRefused))
			app.Put("/file", func(_ context.Context, in *visiting) (*piece, error) {
				if tt.fails {
					return &piece{broken{}}, tt.does(in.Session)
				}
				return &piece{download{}}, tt.does(in.Session)
			})
			for _, path := range []string{"/lines", "/file"} {
				b := newBrowser(t, app)
				b.do("PUT", "/visit")
				old := b.other()
				b.left("PUT", path)
				old.do("GET", "/visit").JSON(tt.old)
				b.do("GET", "/visit").JSON(tt.now)
			}
		})
	}
}

// left sends a request for a client that leaves once it has the header of the answer.
func (b *browser) left(method, path string) {
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	w := httptest.NewRecorder()
	b.serve(ctx, &leaver{w, cancel}, method, path)
	b.take(w.Header())
}

// serve has a request served as a server does, and reports whether the answer was cut.
func (b *browser) serve(ctx context.Context, w http.ResponseWriter, method, path string) (cut bool) {
	r := httptest.NewRequestWithContext(ctx, method, path, http.NoBody)
	r.Header.Set("Cookie", b.header())
	defer func() {
		reason := recover()
		if cut = reason != nil; cut && reason != http.ErrAbortHandler { //nolint:errorlint // It is thrown as it is.
			b.t.Errorf("it panics with %v", reason)
		}
	}()
	b.app.ServeHTTP(w, r)
	return false
}

// TestAStreamIsCutWhereItsSessionIsNotKept: a store that is lost when the header leaves is told at the end.
func TestAStreamIsCutWhereItsSessionIsNotKept(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	spy := newSpied(t, clock)
	app := newApp(t, newSessions(t, session.Config{Store: spy, Now: clock.now}))
	b := newBrowser(t, app)
	b.do("PUT", "/visit")
	if b.serve(t.Context(), httptest.NewRecorder(), "PUT", "/stream") {
		t.Error("a stream is cut whose session is kept")
	}
	b = newBrowser(t, app)
	b.do("PUT", "/visit")
	spy.failing("update")
	if !b.serve(t.Context(), httptest.NewRecorder(), "PUT", "/stream") {
		t.Error("a stream is whole whose session is not kept")
	}
}

// piece is an answer that is sent piece by piece.
type piece struct {
	Body io.Reader `body:"application/octet-stream"`
}

// broken is a body of which nothing comes.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errLeft }
