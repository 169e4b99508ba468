package tenon

import (
	"context"
	"log/slog"
	"sync"

	"github.com/tenon-go/tenon/internal/observe"
	"github.com/tenon-go/tenon/internal/record"
)

// Report tells of something that is wrong with the program, not with the request of ctx that brought it to light: a finding, such as a query that
// is run again for each row. It is for packages like data. code names the kind, in the form of a problem's code; message says what and where, and holds nothing
// that a client sent. Each different finding of an operation is logged once; an Observer sees its code, and a test under tenontest fails. The
// request goes on. Without a request, nothing happens.
func Report(ctx context.Context, code, message string) {
	if rec := record.From(ctx); rec != nil && rec.Report != nil {
		rec.Report(ctx, rec, code, message)
	}
}

// Local returns the T of the request that ctx belongs to: one for each request and type, made when it is first asked for, for packages that keep
// count of something. It is nil without a request. T sees to its own concurrency.
func Local[T any](ctx context.Context) *T {
	rec := record.From(ctx)
	if rec == nil {
		return nil
	}
	return record.Local[T](rec)
}

// findings are those that were logged.
type findings struct {
	mu     sync.Mutex
	logged map[finding]bool
}

type finding struct{ operation, code, message string }

// mostFindings is how many different ones are logged.
const mostFindings = 1000

// first reports whether a finding is new.
func (f *findings) first(found finding) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.logged[found] || len(f.logged) == mostFindings {
		return false
	}
	if f.logged == nil {
		f.logged = map[finding]bool{}
	}
	f.logged[found] = true
	return true
}

func (a *App) report(ctx context.Context, rec *record.Record, code, message string) {
	rec.Find(code)
	if see := observe.Findings(ctx); see != nil {
		see(observe.Finding{Operation: rec.Operation, Code: code, Message: message})
	}
	if a.findings.first(finding{rec.Operation, code, message}) {
		a.cfg.Logger.LogAttrs(context.WithoutCancel(ctx), slog.LevelWarn, "finding", slog.String("operation", rec.Operation),
			slog.String("request_id", rec.ID), slog.String("code", code), slog.String("finding", message))
	}
}
