package cache_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/internal/observe"
)

// suiteLine is a field: its name, or that and a value, which may be seconds from now, and whether the client is to see it so.
type suiteLine = any

// suiteOrigin answers in the place of the operations, as the server of the suite does.
type suiteOrigin struct {
	v    *suiteVector
	now  func() time.Time
	seen []originGot
}

// originGot is a request that the origin got, and what the client is to get of its answer.
type originGot struct {
	number int
	method string
	sent   http.Header
	saved  http.Header
}

// put runs the vector; the fault is the first thing that is not as it expects.
func (v *suiteVector) put(t *testing.T) error {
	t.Helper()
	at := newClock()
	origin := &suiteOrigin{v: v, now: at.now}
	app := compiled(t, origin.register, cache.Use(newCache(t, cache.Config{Now: at.now})))
	var answers []*httptest.ResponseRecorder
	for i := range v.Requests {
		want := &v.Requests[i]
		w := send(app, want.request(t, i, answers))
		answers = append(answers, w)
		if err := want.check(i, w, v.ID); err != nil {
			return fmt.Errorf("request %d: %w; %d %v", i+1, err, w.Code, w.Header())
		}
		if want.Pause {
			at.move(3 * time.Second)
		}
	}
	return origin.check(answers)
}

// register adds what the vector asks for: the options of the operations say what its answers say.
func (o *suiteOrigin) register(app *tenon.App) {
	made := &counter{}
	opts := []tenon.Option{tenon.AllowUnknownQuery(), scripted(o.answer)}
	read, write := slices.Clone(opts), append(slices.Clone(opts), cache.Invalidates("test", "location_target", "content_location_target"))
	read = append(read, cache.For(366*24*time.Hour))
	if o.v.group != "auth" {
		read = append(read, cache.Public())
	}
	if fields := o.varies(); fields != nil {
		read = append(read, cache.Vary(fields...))
	}
	if o.v.group == "stale" {
		read = append(read, cache.StaleIfError(time.Minute))
	}
	app.Get("/test", made.next, append(slices.Clone(read), cache.Tag("test"))...)
	app.Get("/test/{file}", made.named, append(slices.Clone(read), cache.Tag("{file}"))...)
	app.Post("/test", made.next, write...)
	app.Put("/test", made.next, write...)
	app.Delete("/test", made.next, write...)
}

// varies are the fields that the answers vary by.
func (o *suiteOrigin) varies() (fields []string) {
	for _, r := range o.v.Requests {
		for name := range strings.SplitSeq(header(r.AnswerFields, o.now(), nil).Get("Vary"), ",") {
			if name = strings.TrimSpace(name); name != "" && name != "*" && !strings.ContainsAny(name, " ;=\"") {
				fields = append(fields, name)
			}
		}
	}
	return fields
}

// header makes fields of lines. Numbers are seconds from now where a date stands.
func header(lines []suiteLine, now time.Time, rfc850 []string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		cells := line.([]any)
		name, value := cells[0].(string), fmt.Sprint(cells[1])
		if seconds, ok := cells[1].(float64); ok && dates[strings.ToLower(name)] {
			form := http.TimeFormat
			if slices.Contains(rfc850, strings.ToLower(name)) {
				form = "Monday, 02-Jan-06 15:04:05 GMT"
			}
			value = now.Add(time.Duration(seconds) * time.Second).UTC().Format(form)
		}
		h.Add(name, value)
	}
	return h
}

var dates = map[string]bool{"date": true, "expires": true, "last-modified": true, "if-modified-since": true, "if-unmodified-since": true}

// request is the request as the client of the suite makes it.
func (r *suiteRequest) request(t *testing.T, i int, answers []*httptest.ResponseRecorder) *http.Request {
	t.Helper()
	target := "/test"
	if r.Filename != "" {
		target += "/" + r.Filename
	}
	if r.Query != "" {
		target += "?" + r.Query
	}
	ctx := observe.Wait(t.Context())
	q := httptest.NewRequestWithContext(ctx, r.method(), target, strings.NewReader(r.Body))
	if r.Body == "" {
		q = httptest.NewRequestWithContext(ctx, r.method(), target, nil)
	}
	made := time.Time{}
	if r.MagicIMS {
		made = madeAt(answers[i-1])
	}
	q.Header = header(r.Fields, made, r.RFC850)
	if r.Fields == nil { // which the client sends, and which say nothing
		q.Header = http.Header{"Pragma": {"foo"}, "Cache-Control": {"nothing-to-see-here"}}
	}
	q.Header.Set("Req-Num", strconv.Itoa(i+1))
	return q
}

// madeAt is when the origin made an answer.
func madeAt(w *httptest.ResponseRecorder) time.Time {
	n, _ := strconv.ParseInt(w.Header().Get("Server-Now"), 10, 64)
	return time.Unix(n, 0)
}

// answer is the origin.
func (o *suiteOrigin) answer(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.Header.Get("Req-Num"))
	q, h := &o.v.Requests[number-1], w.Header()
	saved := http.Header{}
	for _, line := range q.AnswerFields {
		name := line.([]any)[0].(string)
		values := o.values(q, line, r.URL.Path)
		h[http.CanonicalHeaderKey(name)] = append(h.Values(name), values...)
		if cells := line.([]any); len(cells) < 3 || cells[2] == true {
			saved[http.CanonicalHeaderKey(name)] = h.Values(name)
		}
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain")
	}
	o.seen = append(o.seen, originGot{number, r.Method, r.Header.Clone(), saved})
	h.Set("Server-Request-Count", strconv.Itoa(len(o.seen)))
	h.Set("Server-Now", strconv.FormatInt(o.now().Unix(), 10))
	h.Set("Server-Base-Url", r.URL.Path)
	if q.Disconnect {
		panic("the origin is gone")
	}
	status := o.status(q, number, r.Header)
	w.WriteHeader(status)
	if status == http.StatusNoContent || status == http.StatusNotModified {
		return
	}
	text := o.v.ID
	if q.AnswerBody != nil && *q.AnswerBody != "" {
		text = *q.AnswerBody
	}
	_, _ = w.Write([]byte(text))
}

func (o *suiteOrigin) values(q *suiteRequest, line suiteLine, base string) []string {
	h := header([]suiteLine{line}, o.now(), q.RFC850)
	for name, values := range h {
		if q.MagicLocations && (name == "Location" || name == "Content-Location") {
			return []string{strings.TrimSuffix(base+"/"+values[0], "/")}
		}
		return values
	}
	return nil
}

// status is what the origin answers with: 304 to a request on the condition that it expects, and 999 where that is not there.
func (o *suiteOrigin) status(q *suiteRequest, number int, sent http.Header) int {
	if !strings.HasSuffix(q.WantType, "validated") {
		if q.Status != nil {
			return int(q.Status[0].(float64))
		}
		return http.StatusOK
	}
	before := header(o.v.Requests[number-2].AnswerFields, o.now(), nil)
	if tag := before.Get("Etag"); tag != "" && sent.Get("If-None-Match") == tag {
		return http.StatusNotModified
	}
	if before.Get("Last-Modified") != "" && sent.Get("If-Modified-Since") != "" {
		return http.StatusNotModified
	}
	return 999
}
