package cache_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
)

// check holds an answer against what the client is to see.
func (r *suiteRequest) check(i int, w *httptest.ResponseRecorder, id string) error {
	h := w.Header()
	made, err := strconv.Atoi(h.Get("Server-Request-Count"))
	bare := err != nil && w.Code == http.StatusNotModified // some caches leave the number out of it
	switch {
	case r.WantType == "cached" && !bare && (err != nil || made > i):
		return errors.New("it is not from the cache")
	case r.WantType == "not_cached" && made != i+1:
		return errors.New("it is from the cache")
	}
	if want := r.status(); w.Code != want {
		return fmt.Errorf("status %d, want %d", w.Code, want)
	}
	for _, line := range r.WantFields {
		if err := r.has(h, w, line); err != nil {
			return err
		}
	}
	for _, line := range r.WantWithout {
		name, value := line, ""
		if cells, ok := line.([]any); ok {
			name, value = cells[0], cells[1].(string)
		}
		if values := h.Values(name.(string)); values != nil && strings.Contains(joined(values), value) {
			return fmt.Errorf("%s is %q", name, values)
		}
	}
	return r.checkBody(w, id)
}

func (r *suiteRequest) status() int {
	switch {
	case r.WantStatus != 0:
		return r.WantStatus
	case r.Disconnect && r.WantType == "not_cached":
		return http.StatusInternalServerError // what a failure of an operation is answered with
	case r.Status != nil:
		return int(r.Status[0].(float64))
	}
	return http.StatusOK
}

// has holds a field against its line: it is there, has a value, that of another field, or a larger one.
func (r *suiteRequest) has(h http.Header, w *httptest.ResponseRecorder, line suiteLine) error {
	cells, ok := line.([]any)
	if !ok {
		cells = []any{line}
	}
	name := cells[0].(string)
	got := h.Values(name)
	if got == nil {
		return fmt.Errorf("%s is not there", name)
	}
	switch {
	case len(cells) == 1:
	case len(cells) == 3 && cells[1] == "=":
		if want := h.Values(cells[2].(string)); joined(got) != joined(want) {
			return fmt.Errorf("%s is %q, want %q", name, got, want)
		}
	case len(cells) == 3 && cells[1] == ">":
		if n, err := strconv.Atoi(joined(got)); err != nil || n <= int(cells[2].(float64)) {
			return fmt.Errorf("%s is %q, want more than %v", name, got, cells[2])
		}
	default:
		if want := header([]suiteLine{line}, madeAt(w), r.RFC850).Get(name); joined(got) != want {
			return fmt.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	return nil
}

// bodiless are statuses whose bodies the suite does not look at, and that of an operation that panicked.
var bodiless = [...]int{http.StatusNoContent, http.StatusNotModified, http.StatusInternalServerError}

func joined(values []string) string { return strings.Join(values, ", ") }

func (r *suiteRequest) checkBody(w *httptest.ResponseRecorder, id string) error {
	want := id
	switch {
	case r.CheckBody != nil && !*r.CheckBody, r.method() == http.MethodHead, slices.Contains(bodiless[:], w.Code):
		return nil
	case r.WantText.said && r.WantText.text == nil:
		return nil
	case r.WantText.said:
		want = *r.WantText.text
	case r.AnswerBody != nil:
		want = *r.AnswerBody
	}
	if got := w.Body.String(); got != want {
		return fmt.Errorf("the body is %q, want %q", got, want)
	}
	return nil
}

// check holds what the origin got against what it is to get, and what it answered against what the client got of that.
func (o *suiteOrigin) check(answers []*httptest.ResponseRecorder) error {
	next := 0
	for i := range o.v.Requests {
		r := &o.v.Requests[i]
		if r.WantType == "cached" {
			continue
		}
		if next >= len(o.seen) {
			if r.WantType != "" || r.WantSent != nil || r.WantMethod != "" {
				return fmt.Errorf("request %d did not reach the origin", i+1)
			}
			continue
		}
		if err := o.seen[next].check(r, i, answers[i].Header()); err != nil {
			return fmt.Errorf("request %d: %w", i+1, err)
		}
		next++
	}
	return nil
}

func (s *originGot) check(r *suiteRequest, i int, got http.Header) error {
	switch {
	case r.WantType == "not_cached" && s.number != i+1:
		return errors.New("it is from the cache")
	case r.WantType == "etag_validated" && s.sent["If-None-Match"] == nil:
		return errors.New("the origin is not asked with If-None-Match")
	case r.WantType == "lm_validated" && s.sent["If-Modified-Since"] == nil:
		return errors.New("the origin is not asked with If-Modified-Since")
	case r.WantMethod != "" && s.method != r.WantMethod:
		return fmt.Errorf("the origin is asked with %s, want %s", s.method, r.WantMethod)
	}
	for _, line := range r.WantSent {
		name, value := line, ""
		if cells, ok := line.([]any); ok {
			name, value = cells[0], cells[1].(string)
		}
		if sent := s.sent.Values(name.(string)); sent == nil || value != "" && joined(sent) != value {
			return fmt.Errorf("the origin gets %s: %q", name, sent)
		}
	}
	for name, values := range s.saved {
		if name != "Date" && joined(got.Values(name)) != joined(values) {
			return fmt.Errorf("%s is %q, and was %q", name, got.Values(name), values)
		}
	}
	return nil
}
