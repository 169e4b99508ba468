package tenon

import (
	"errors"
	"io"
	"net/http"
	"os"
	"reflect"

	"github.com/tenon-go/tenon/problem"
)

// read fills an input: parameters, then the body, then the checks across both. Faults gather in ex; an error ends the
// request.
func (a *App) read(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, path []string, in any) error {
	v := reflect.ValueOf(in).Elem()
	if err := p.bind.Bind(r, path, v, &ex.faults); err != nil {
		return err
	}
	if p.body != nil {
		if err := a.readBody(w, r, p.body, ex, v); err != nil {
			return err
		}
	}
	if p.custom != nil {
		return p.custom(r, v, &ex.faults)
	}
	return nil
}

func (a *App) readBody(w http.ResponseWriter, r *http.Request, b *bodyPlan, ex *exchange, v reflect.Value) error {
	ex.faults.In = "body"
	empty := r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody
	if b.form != nil {
		return closing(w, b.form.read(r, ex, b.limit, v, empty))
	}
	if empty {
		if !b.optional {
			ex.faults.Add("required", "must be present")
		}
		return nil
	}
	if b.field != nil {
		v = fieldAt(v, b.field.Index)
	}
	if b.raw != nil {
		return closing(w, b.raw.read(r, ex, b.limit, v))
	}
	body, err := readAll(r.Body, r.ContentLength, ex.in, b.limit)
	ex.in = body
	if err == nil && ex.codec != nil {
		body, err = ex.codec.toJSON(body, b.limit)
	}
	if err != nil {
		return closing(w, err)
	}
	return b.codec.Decode(r.Context(), body, v, &ex.faults)
}

// closing ends the connection after a body that is too large: what is left of it is not worth reading.
func closing(w http.ResponseWriter, err error) error {
	if errors.Is(err, problem.New(problem.CodeContentTooLarge, "")) {
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

// readAll reads a body of limit bytes or fewer into buf; length is what it announces, -1 when that is not known.
func readAll(from io.Reader, length int64, buf []byte, limit int64) ([]byte, error) {
	if length > limit {
		return buf, problem.New(problem.CodeContentTooLarge, "")
	}
	if n := int(length) + 1; n > cap(buf) {
		buf = make([]byte, 0, n)
	}
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		room := buf[len(buf):min(int64(cap(buf)), limit+1)]
		n, err := from.Read(room)
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return buf, problem.New(problem.CodeContentTooLarge, "")
		}
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, unreadable(err)
		}
	}
}

func unreadable(err error) *problem.Error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem.Wrap(problem.CodeRequestTimeout, "The body did not arrive in time.", err)
	case errors.As(err, &tooLarge):
		return problem.Wrap(problem.CodeContentTooLarge, "", err)
	}
	return problem.Wrap(problem.CodeBadRequest, "The body ended early.", err)
}
