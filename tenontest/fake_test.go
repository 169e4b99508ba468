package tenontest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// fake is a test that a test looks at: what it reports is kept, not shown.
type fake struct {
	testing.TB // cleanups and the context are those of the real test

	mu       sync.Mutex
	failures []string
	logged   strings.Builder
}

func (f *fake) Helper() {}

func (f *fake) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = append(f.failures, fmt.Sprintf(format, args...))
}

func (f *fake) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

func (f *fake) FailNow() {
	f.Errorf("ended")
	runtime.Goexit()
}

func (f *fake) Logf(format string, args ...any) { _, _ = fmt.Fprintf(f, format+"\n", args...) }

func (f *fake) Output() io.Writer { return f }

func (f *fake) Write(text []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.logged.Write(text)
}

func (f *fake) log() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.logged.String()
}

// failures runs a test and returns what it reported.
func failures(t *testing.T, test func(f *fake)) []string {
	t.Helper()
	f := &fake{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(f)
	}()
	<-done
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failures
}

// expect runs a test that must report one failure with each of the texts in it, or none when there are no texts.
func expect(t *testing.T, test func(f *fake), texts ...string) {
	t.Helper()
	got := failures(t, test)
	if len(texts) == 0 {
		if len(got) > 0 {
			t.Errorf("the test failed: %s", strings.Join(got, "\n"))
		}
		return
	}
	if len(got) != 1 {
		t.Fatalf("%d failures, want 1:\n%s", len(got), strings.Join(got, "\n"))
	}
	for _, text := range texts {
		if !strings.Contains(got[0], text) {
			t.Errorf("the failure does not say %q:\n%s", text, got[0])
		}
	}
}

type item struct {
	ID   int64  `json:"id"`
	Name string `json:"name" minLength:"2"`
}

type newItem struct {
	Name string `json:"name" minLength:"2" maxLength:"5"`
	Kind string `json:"kind" enum:"a,b"`
}

type byID struct {
	ID int64 `path:"id"`
}

var (
	errGone  = problem.Define(http.StatusGone, "gone", "The item is gone.")
	errOther = problem.Define(http.StatusGone, "other", "The item is elsewhere.")
)

func getItem(_ context.Context, in *byID) (*item, error) {
	switch in.ID {
	case 410:
		return nil, errGone
	case 411:
		return nil, errOther
	}
	return &item{ID: in.ID, Name: "Ada"}, nil
}

func postItem(_ context.Context, in *newItem) (*item, error) {
	return &item{ID: 1, Name: in.Name}, nil
}

// newApp is a small service. Whatever is posted to /echo comes back as it is, with its media type.
func newApp(tb testing.TB, opts ...tenon.Option) *tenon.App {
	app := tenon.New(tenon.Config{Title: "Items", Logger: tenontest.Logger(tb)})
	app.Get("/items/{id}", getItem, append(opts, tenon.Fails(errGone))...)
	app.Post("/items", postItem)
	app.Mount("/echo", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		w.Header().Set("Seen-Host", r.Host)
		w.Header().Set("Seen-Target", r.RequestURI)
		w.Header().Add("Seen", r.Header.Get("Seen"))
		w.Header().Add("Seen", strconv.Itoa(len(r.Header)))
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "s1"})
		_, _ = io.Copy(w, r.Body)
	}))
	return app
}

// with runs checks on a fresh app under a fake test.
func with(check func(s *tenontest.Server)) func(*fake) {
	return func(f *fake) { check(tenontest.New(f, newApp(f))) }
}
