package cache_test

import (
	"encoding/json/v2"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/internal/observe"
)

// vector is a story of requests and of answers; testdata/rfc9111/README.md tells its form.
type vector struct {
	Section string  `json:"section"`
	Name    string  `json:"name"`
	Options options `json:"options"`
	Steps   []step  `json:"steps"`
}

type options struct {
	Public          bool     `json:"public"`
	Vary            []string `json:"vary"`
	IfError         int      `json:"ifError"`
	WhileRevalidate int      `json:"whileRevalidate"`
}

type step struct {
	Wait    int         `json:"wait"`
	Method  string      `json:"method"`
	Target  string      `json:"target"`
	Request http.Header `json:"request"`
	Origin  struct {
		Status int         `json:"status"`
		Fields http.Header `json:"fields"`
	} `json:"origin"`
	Want   string      `json:"want"`
	Status int         `json:"status"`
	Fields http.Header `json:"fields"`
	Absent []string    `json:"absent"`
}

func TestFC03Vectors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/rfc9111/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(text, &all, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Errorf("there are %d vectors", len(all))
	}
	for _, v := range all {
		t.Run(v.Section+" "+v.Name, func(t *testing.T) {
			t.Parallel()
			v.run(t)
		})
	}
}

func (v *vector) run(t *testing.T) {
	t.Helper()
	at, made := newClock(), 0
	var now *step
	opts := append(v.Options.list(), cache.For(300*time.Second), scripted(func(w http.ResponseWriter, _ *http.Request) {
		made++
		maps.Copy(w.Header(), dated(now.Origin.Fields, at.now()))
		w.Header().Set("X-Made", strconv.Itoa(made))
		w.WriteHeader(max(now.Origin.Status, http.StatusOK))
		_, _ = w.Write([]byte("made " + strconv.Itoa(made)))
	}))
	app := compiled(t, func(app *tenon.App) { app.Get("/x", (&counter{}).next, append(opts, tenon.AllowUnknownQuery())...) },
		cache.Use(newCache(t, cache.Config{Now: at.now})))
	for i := range v.Steps {
		now = &v.Steps[i]
		at.move(time.Duration(now.Wait) * time.Second)
		before := made
		w := now.send(t, app, at.now())
		served := map[bool]string{true: "made", false: "kept"}[w.Header().Get("X-Made") == strconv.Itoa(before+1)]
		if now.Want == "" {
			served = ""
		}
		if served != now.Want {
			t.Errorf("step %d: %s, want %s; %d %v", i, served, now.Want, w.Code, w.Header())
		}
		now.check(t, i, w)
	}
}

func (o *options) list() []tenon.Option {
	var opts []tenon.Option
	if o.Public {
		opts = append(opts, cache.Public())
	}
	if o.Vary != nil {
		opts = append(opts, cache.Vary(o.Vary...))
	}
	if o.IfError > 0 {
		opts = append(opts, cache.StaleIfError(time.Duration(o.IfError)*time.Second))
	}
	if o.WhileRevalidate > 0 {
		opts = append(opts, cache.StaleWhileRevalidate(time.Duration(o.WhileRevalidate)*time.Second))
	}
	return opts
}

// dated are fields whose values that begin with @ are a time, in seconds from now.
func dated(fields http.Header, now time.Time) http.Header {
	h := http.Header{}
	for name, values := range fields {
		for _, value := range values {
			if seconds, ok := strings.CutPrefix(value, "@"); ok {
				n, _ := strconv.Atoi(seconds)
				value = now.Add(time.Duration(n) * time.Second).UTC().Format(http.TimeFormat)
			}
			h.Add(name, value)
		}
	}
	return h
}

func (s *step) send(t *testing.T, h http.Handler, now time.Time) *httptest.ResponseRecorder {
	t.Helper()
	method, target := s.Method, s.Target
	if method == "" {
		method = http.MethodGet
	}
	if target == "" {
		target = "/x"
	}
	r := httptest.NewRequestWithContext(observe.Wait(t.Context()), method, target, nil) // what is made anew is, before the next step
	maps.Copy(r.Header, dated(s.Request, now))
	return send(h, r)
}

func (s *step) check(t *testing.T, i int, w *httptest.ResponseRecorder) {
	t.Helper()
	if s.Status != 0 && w.Code != s.Status {
		t.Errorf("step %d: status %d, want %d", i, w.Code, s.Status)
	}
	for name, want := range s.Fields {
		if got := w.Header().Values(name); !slices.Equal(got, want) {
			t.Errorf("step %d: %s: %q, want %q", i, name, got, want)
		}
	}
	for _, name := range s.Absent {
		if got := w.Header().Values(name); got != nil {
			t.Errorf("step %d: %s: %q, want none", i, name, got)
		}
	}
}
