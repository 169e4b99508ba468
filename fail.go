package tenon

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"uuid"

	"github.com/tenon-go/tenon/internal/observe"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/problem"
)

// fail is the way out for what reading the input or the handler returned.
func (a *App) fail(w http.ResponseWriter, r *http.Request, p *plan, err error) {
	r = a.recorded(r)
	e := a.problemOf(r, p, err)
	if e == nil && r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		a.log(r, p, slog.LevelInfo, "the client left", err)
		w.WriteHeader(statusClientLeft)
		return
	}
	if e == nil {
		e = problem.Wrap(problem.CodeInternal, "", err)
	}
	a.end(w, r, p, e)
}

// statusClientLeft is what the log says of a request whose client did not wait for the answer. Nobody receives it.
const statusClientLeft = 499

// problemOf returns the problem that an error holds or maps to, and notices one that the operation does not declare. Nil is
// none.
func (a *App) problemOf(r *http.Request, p *plan, err error) *problem.Error {
	e := p.mapped(err)
	if e == nil && !errors.As(err, &e) {
		e = a.mapped(err)
	}
	if e != nil && p.op.wrong != nil && isWrong(e) {
		e = p.op.wrong(e)
	}
	if e != nil && !p.declares(e) {
		a.cfg.Logger.LogAttrs(r.Context(), slog.LevelWarn, "undeclared problem", slog.String("operation", p.name), slog.String("problem", e.Error()))
		if see := observe.From(r.Context()); see != nil {
			see(observe.Undeclared{Operation: p.name, Problem: e})
		}
	}
	return e
}

// isWrong reports whether a problem says what is wrong with an input.
func isWrong(e *problem.Error) bool {
	return e.Is(problem.New(problem.CodeBadRequest, "")) || e.Is(problem.New(problem.CodeValidationFailed, ""))
}

// MapError turns errors of a foreign type into problems, for this app alone. Mappings are tried in the order in which they
// were made, after the error was found not to hold a problem; nil means that the mapping does not apply.
func (a *App) MapError[E error](to func(E) *problem.Error) {
	a.open(caller())
	if to == nil {
		a.fault(caller(), errors.New("MapError has no function"))
		return
	}
	a.mappings = append(a.mappings, func(err error) *problem.Error {
		if e, ok := errors.AsType[E](err); ok {
			return to(e)
		}
		return nil
	})
}

// mapped asks the mappings of the operation, the innermost first.
func (p *plan) mapped(err error) *problem.Error {
	for _, m := range slices.Backward(p.op.mappings) {
		if e := m(err); e != nil {
			return e
		}
	}
	return nil
}

func (a *App) mapped(err error) *problem.Error {
	for _, m := range a.mappings {
		if e := m(err); e != nil {
			return e
		}
	}
	return nil
}

// declares reports whether a problem is the operation's own, or one that the framework itself makes of an input.
func (p *plan) declares(e *problem.Error) bool {
	for _, d := range p.op.Fails {
		if e.Is(d) {
			return true
		}
	}
	for _, code := range p.implied() {
		if e.Is(problem.New(code, "")) {
			return true
		}
	}
	return false
}

// implied are the problems that reading the input can end in, and a stream when the server stops.
func (p *plan) implied() []problem.Code {
	var codes []problem.Code
	if p.op.wrong == nil {
		codes = append(codes, problem.CodeBadRequest, problem.CodeValidationFailed)
	}
	if p.media != nil {
		codes = append(codes, problem.CodeNotAcceptable)
	}
	if p.conditional || p.conditions != nil {
		codes = append(codes, problem.CodePreconditionFailed)
	}
	if p.ranges {
		codes = append(codes, problem.CodeRangeNotSatisfiable)
	}
	if p.conditions != nil {
		codes = append(codes, problem.CodePreconditionRequired)
	}
	if p.body != nil {
		codes = append(codes, problem.CodeRequestTimeout, problem.CodeContentTooLarge, problem.CodeUnsupportedMediaType)
	}
	if p.deadline > 0 {
		codes = append(codes, problem.CodeDeadlineExceeded)
	}
	if p.body != nil && p.body.paced() || p.lines { // there is no room for a file, or the server stops
		codes = append(codes, problem.CodeUnavailable)
	}
	return codes
}

// internal answers 500 without a word about the cause.
func (a *App) internal(w http.ResponseWriter, r *http.Request, p *plan, err error) {
	a.end(w, a.recorded(r), p, problem.Wrap(problem.CodeInternal, "", err))
}

// end answers with a problem of a handler, of a middleware or of the framework, and logs what its client does not learn: that the program failed,
// that it cannot do its work now, or why it refuses.
func (a *App) end(w http.ResponseWriter, r *http.Request, p *plan, e *problem.Error) {
	cause := e.Unwrap()
	switch {
	case e.Status() == http.StatusInternalServerError:
		a.log(r, p, slog.LevelError, "internal error", cmp.Or(cause, error(e)))
	case cause == nil: // the access log has all that there is to say
	case e.Status() > http.StatusInternalServerError:
		a.log(r, p, slog.LevelWarn, "problem", e)
	default:
		a.log(r, p, slog.LevelInfo, "refused", e)
	}
	a.answer(w, r, e)
}

func (a *App) log(r *http.Request, p *plan, level slog.Level, message string, err error) {
	name := r.Method
	if p != nil {
		name = p.name
	} else if rec := record.From(r.Context()); rec != nil && rec.Operation != "" {
		name = rec.Operation
	}
	a.cfg.Logger.LogAttrs(withoutCancel(r), level, message,
		slog.String("operation", name), slog.String("request_id", requestID(r)), slog.String("error", err.Error()))
}

// recover turns a panic into a 500, or cuts the connection when an answer has begun. Use it in a defer.
func (a *App) recover(w http.ResponseWriter, r *http.Request, p *plan, started func() bool) {
	reason := recover()
	if reason == nil {
		return
	}
	if err, ok := reason.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	r = a.recorded(r)
	a.log(r, p, slog.LevelError, "panic", panicked(reason))
	if started() {
		panic(http.ErrAbortHandler)
	}
	a.answer(w, r, problem.New(problem.CodeInternal, ""))
}

// answer writes a problem (RFC 9457). Every problem leaves by it.
func (a *App) answer(w http.ResponseWriter, r *http.Request, e *problem.Error) {
	note(r, e)
	e, body := a.appendError(make([]byte, 0, 512), r, e, a.occurrence(r))
	e.ApplyHeader(w.Header())
	a.sendProblem(w, r, e.Status(), body)
}

// note keeps what is answered for those who count it.
func note(r *http.Request, e *problem.Error) {
	if rec := record.From(r.Context()); rec != nil {
		rec.Problem = e.Code()
	}
}

// answerError is end for package problem, which hands over what is a *problem.Error.
func (a *App) answerError(w http.ResponseWriter, r *http.Request, err error) {
	var e *problem.Error
	if !errors.As(err, &e) {
		e = problem.Wrap(problem.CodeInternal, "", err)
	}
	a.end(w, r, nil, e)
}

// refuse answers the faults that were found in an input: problem.Invalid, without making one unless the operation maps it.
func (a *App) refuse(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange) {
	if p.op.wrong != nil {
		a.fail(w, r, p, problem.Invalid(slices.Clone(ex.faults.List)...))
		return
	}
	note(r, a.invalid)
	o := a.occurrence(r)
	o.Faults = ex.faults.List
	_, ex.out = a.appendError(ex.out, r, a.invalid, o)
	a.sendProblem(w, r, a.invalid.Status(), ex.out)
}

// occurrence is what the app and the request add to a problem.
func (a *App) occurrence(r *http.Request) problem.Occurrence {
	return problem.Occurrence{TypeBase: a.cfg.ProblemBase, RequestID: requestID(r)}
}

func (a *App) sendProblem(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header()["Content-Type"] = []string{a.errorMedia()}
	writeWhole(w, r, status, body, true)
}

// recorded gives a request that did not come through Serve a record, so that the log and the answer tell one id, and middleware
// that answers a problem writes it as the app does.
func (a *App) recorded(r *http.Request) *http.Request {
	rec := record.From(r.Context())
	if rec == nil {
		rec = record.New()
		rec.Route, rec.Client = r.Pattern, record.Peer(r)
		r = r.WithContext(record.With(r.Context(), rec))
	}
	rec.Answer, rec.Report, rec.Later, rec.Statements = a.exit, a.found, a.later, a.ran
	return r
}

// requestID is the id that the request has, or a fresh one.
func requestID(r *http.Request) string {
	if rec := record.From(r.Context()); rec != nil {
		return rec.ID
	}
	return uuid.NewV7().String()
}
