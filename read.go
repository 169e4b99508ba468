package tenon

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// read fills an input: parameters, then the body, then the checks across both, which see the context of the handler. Faults
// gather in ex; an error ends the request.
func (a *App) read(ctx context.Context, w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, in any) error {
	v := reflect.ValueOf(in).Elem()
	ex.faults.TextBytes = a.cfg.Limits.StringBytes
	if p.tagged && (a.codecs != nil || p.version != nil) {
		r = a.stated(r, p)
	}
	if err := p.bind.Bind(r, ex.match.path(), v, ex.scope.prepare(p.needs), &ex.faults); err != nil {
		return err
	}
	if p.body != nil {
		if err := a.readBody(ctx, w, r, p.body, ex, v); err != nil {
			return err
		}
	}
	if p.custom != nil {
		if err := p.custom(ctx, v, &ex.faults); err != nil {
			return err
		}
	}
	return ex.scope.check(ctx, &ex.faults)
}

func (a *App) readBody(ctx context.Context, w http.ResponseWriter, r *http.Request, b *bodyPlan, ex *exchange, v reflect.Value) error {
	ex.faults.In = "body"
	empty := r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody
	body := incoming{w: w, r: r, limit: b.limit, gzip: ex.gzip, app: a, ends: &ex.ends}
	if b.form != nil {
		return closing(w, b.form.read(ctx, body, ex, v, empty))
	}
	if empty {
		if !b.optional {
			ex.faults.Add(message.Required.With())
		}
		return nil
	}
	if b.field != nil {
		v = fieldAt(v, b.field.Index)
	}
	if b.raw != nil {
		return closing(w, b.raw.read(body, ex, v))
	}
	text, err := body.all(ex.in)
	ex.in = text
	if err == nil && ex.codec != nil {
		text, err = ex.codec.toJSON(text, b.limit)
	}
	if err != nil {
		return closing(w, err)
	}
	return b.codec.Decode(ctx, text, v, &ex.faults)
}

// bodyTime is the most time in which a body that is read piece by piece must have come.
func (a *App) bodyTime() time.Duration { return cmp.Or(a.cfg.Limits.BodyTime, 15*time.Minute) }

// closing ends the connection after a body that is too large, or that the server does not wait for: what is left of it is not worth
// reading.
func closing(w http.ResponseWriter, err error) error {
	if errors.Is(err, problem.New(problem.CodeContentTooLarge, "")) || errors.Is(err, ErrStopping) {
		w.Header().Set("Connection", "close")
	}
	return err
}

func fieldAt(v reflect.Value, index []int) reflect.Value {
	if len(index) == 1 {
		return v.Field(index[0])
	}
	return v.FieldByIndex(index)
}
