package data

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/tenon-go/tenon"
)

// What tenon.Report is told.
const (
	findingRepeats = "data-repeats"
	findingBudget  = "data-budget"
)

// mostRepeats is how often one statement may run in a request.
const mostRepeats = 3

// Budget is the most statements that a request of an operation may run, BEGIN and COMMIT aside. One that runs more is a finding: see tenon.Report. The
// request goes on. On a group or app it holds for each operation without one of its own.
//
//	app.Get("/users", s.list, data.Budget(3))
func Budget(statements int) tenon.Option {
	limit := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if s := tenon.Local[seen](r.Context()); s != nil {
				s.limit(statements)
			}
			next.ServeHTTP(w, r)
		})
	}
	return func(o *tenon.Operation) {
		if statements < 0 {
			o.Fault(errors.New("data.Budget is negative, want 0 statements or more"))
			return
		}
		o.AfterAuth = append(o.AfterAuth, limit)
	}
}

type repeatsKey struct{}

// AllowRepeats returns a context whose statements may run as often as they like: where the statements are what is wanted, such as one for each line of an
// order. The reason is for whoever reads it.
func AllowRepeats(ctx context.Context, reason string) context.Context {
	return context.WithValue(ctx, repeatsKey{}, reason)
}

// seen are the statements of one request.
type seen struct {
	mu     sync.Mutex
	total  int
	budget int // and one; 0 is none
	shapes []shape
	room   [4]shape // for the first ones
}

// shape is a statement without its values.
type shape struct {
	text  string
	times int
	sites []string // where it ran again
}

// mostShapes is how many different statements are told apart.
const mostShapes = 64

func (s *seen) limit(statements int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.budget = statements + 1
}

// note counts a statement that is about to run, and reports what should not be.
func note(ctx context.Context, text string) {
	s := tenon.Local[seen](ctx)
	if s == nil {
		return
	}
	if s.exceeds() {
		tenon.Report(ctx, findingBudget, fmt.Sprintf("more statements than the operation may run (see data.Budget), at %s: %s", site(), brief(text)))
	}
	if ctx.Value(repeatsKey{}) != nil {
		return
	}
	if sites := s.again(text); sites != nil {
		tenon.Report(ctx, findingRepeats, fmt.Sprintf("a statement ran more than %d times, where one could load for all rows (see data.NewMany), at %s: %s",
			mostRepeats, strings.Join(sites, ", "), brief(text)))
	}
}

// exceeds counts a statement and reports whether it is the first one beyond the budget.
func (s *seen) exceeds() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total++
	return s.total == s.budget
}

// again counts a shape. It returns where the shape ran again when that is once too often; else nil.
func (s *seen) again(text string) (sites []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.shapes, func(h shape) bool { return h.text == text })
	if i < 0 {
		if s.shapes == nil {
			s.shapes = s.room[:0]
		}
		if len(s.shapes) < mostShapes {
			s.shapes = append(s.shapes, shape{text: text, times: 1})
		}
		return nil
	}
	h := &s.shapes[i]
	h.times++
	if h.times > mostRepeats+1 {
		return nil
	}
	if at := site(); !slices.Contains(h.sites, at) {
		h.sites = append(h.sites, at)
	}
	if h.times <= mostRepeats {
		return nil
	}
	return h.sites
}

// site is the line outside this module that asked.
func site() string {
	const own = "github.com/tenon-go/tenon/data"
	var calls [32]uintptr
	frames := runtime.CallersFrames(calls[:runtime.Callers(2, calls[:])])
	for {
		frame, more := frames.Next()
		if rest, inside := strings.CutPrefix(frame.Function, own); !inside || rest[0] != '.' && rest[0] != '/' {
			dir, file := filepath.Split(frame.File)
			return fmt.Sprintf("%s/%s:%d", filepath.Base(dir), file, frame.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

// brief is a statement as a log shows it.
func brief(text string) string {
	const most = 300
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}
