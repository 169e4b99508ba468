package tenon_test

import (
	"context"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// titled are texts by name, each with the tag of its text.
type titled struct {
	mu    sync.Mutex
	texts map[string]string
}

type (
	titledPath struct {
		A string `path:"a"`
	}
	titledCreate struct {
		titledPath
		tenon.IfNoneMatch
		Body note `body:""`
	}
	titledPut struct {
		titledPath
		tenon.Precondition
		Body note `body:""`
	}
	titledAnswer struct {
		Status int        `status:"" enum:"200,201"`
		ETag   tenon.ETag `header:"ETag"`
		Body   note       `body:""`
	}
)

// write checks and writes in one step, as a transaction does.
func (n *titled) write(name, text string, check func(tenon.ETag) error) (*titledAnswer, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	old, there := n.texts[name]
	var current tenon.ETag
	status := 201
	if there {
		current, status = tenon.NewETag(old), 200
	}
	if err := check(current); err != nil {
		return nil, err
	}
	n.texts[name] = text
	return &titledAnswer{status, tenon.NewETag(text), note{text}}, nil
}

func titledApp(t *testing.T) *tenon.App {
	t.Helper()
	n := &titled{texts: map[string]string{"old": "1"}}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Put("/created/{a}", func(_ context.Context, in *titledCreate) (*titledAnswer, error) {
		return n.write(in.A, in.Body.Text, in.Check)
	})
	app.Put("/put/{a}", func(_ context.Context, in *titledPut) (*titledAnswer, error) {
		return n.write(in.A, in.Body.Text, in.Check)
	})
	return app
}

func TestConditionalPut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, header, value, target string
		status                      int
	}{
		{"creates what is not there", "If-None-Match", "*", "/created/new", 201},
		{"does not create what is there", "If-None-Match", "*", "/created/old", 412},
		{"rules out a state", "If-None-Match", `"1"`, "/created/old", 412},
		{"rules out a state by its weak form", "If-None-Match", `"0", W/"1"`, "/created/old", 412},
		{"writes where the state is another", "If-None-Match", `"2"`, "/created/old", 200},
		{"wants a condition", "", "", "/created/new", 428},
		{"wants that condition", "If-Match", "*", "/created/new", 428},
		{"wants it to have a tag", "If-None-Match", "", "/created/new", 428},
		{"wants a tag that can be read", "If-None-Match", "1", "/created/new", 422},
		{"either: creates what is not there", "If-None-Match", "*", "/put/new", 201},
		{"either: does not create what is there", "If-None-Match", "*", "/put/old", 412},
		{"either: changes what the caller has seen", "If-Match", `"1"`, "/put/old", 200},
		{"either: does not change what the caller has not seen", "If-Match", `"0"`, "/put/old", 412},
		{"either: does not change what is not there", "If-Match", "*", "/put/new", 412},
		{"either: wants one of them", "", "", "/put/old", 428},
		{"either: wants a tag that can be read", "If-Match", "1", "/put/old", 422},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tenontest.New(t, titledApp(t))
			if tt.header != "" {
				s = s.With(tt.header, tt.value)
			}
			want := map[int]string{412: "precondition-failed", 428: "precondition-required", 422: "validation-failed"}[tt.status]
			if got := s.Put(tt.target, `{"text":"2"}`).Status(tt.status); want != "" {
				got.Problem(want)
			} else {
				got.Header("ETag", `"2"`)
			}
		})
	}
}

func TestBothPreconditionsMustHold(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, titledApp(t))
	s.With("If-Match", `"1"`).With("If-None-Match", `"1"`).Put("/put/old", `{"text":"2"}`).Status(412)
	s.With("If-Match", `"1"`).With("If-None-Match", `"2"`).Put("/put/old", `{"text":"2"}`).Status(200)
}

// TestOneCreates lets many clients create one thing at once.
func TestOneCreates(t *testing.T) {
	t.Parallel()
	app := titledApp(t)
	statuses := make(chan int, 20)
	for range cap(statuses) {
		go func() {
			statuses <- tenontest.New(t, app).With("If-None-Match", "*").Put("/created/new", `{"text":"2"}`).Code
		}()
	}
	count := map[int]int{}
	for range cap(statuses) {
		count[<-statuses]++
	}
	if count[201] != 1 || count[412] != cap(statuses)-1 {
		t.Errorf("the answers are %v", count)
	}
}

func TestPreconditionsAreDocumented(t *testing.T) {
	t.Parallel()
	paths := documentOf(t, titledApp(t)).Paths
	for path, want := range map[string]map[string]bool{
		"/created/{a}": {"a": true, "If-None-Match": true}, "/put/{a}": {"a": true, "If-Match": false, "If-None-Match": false},
	} {
		op := paths[path]["put"]
		if op.Responses["412"] == nil || op.Responses["428"] == nil || len(op.Parameters) != len(want) {
			t.Errorf("%s: %v", path, op)
		}
		for _, p := range op.Parameters {
			if required, ok := want[p.Name]; !ok || required != p.Required {
				t.Errorf("%s: parameter %s is required: %v", path, p.Name, p.Required)
			}
		}
	}
}

// cached is an answer or the word that there is none yet.
type cached struct {
	Ready *note   `status:"200"`
	Later *queued `status:"202"`
	Cache string  `header:"Cache-Control"`
}

func TestBodyETagOfAnOutcome(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x/{a}", func(_ context.Context, in *one) (*cached, error) {
		if in.A == "later" {
			return &cached{Later: &queued{After: 1}}, nil
		}
		return &cached{Ready: &note{in.A}, Cache: "no-cache"}, nil
	}, tenon.BodyETag())
	s := tenontest.New(t, app)
	tag := serve(t, app, "GET", "/x/a").Header().Get("ETag")
	if len(tag) < 10 {
		t.Fatalf("the tag is %q", tag)
	}
	s.With("If-None-Match", tag).Get("/x/a").Status(304).Header("ETag", tag).Empty()
	s.With("If-None-Match", tag).Get("/x/b").Status(200)
	s.With("If-Match", tag).Get("/x/b").Status(412)
	s.With("If-None-Match", "*").Get("/x/later").Status(202).Header("ETag", "")
	responses := documentOf(t, app).Paths["/x/{a}"]["get"].Responses
	if responses["200"].Headers["ETag"] == nil || responses["202"].Headers["ETag"] != nil || responses["412"] == nil {
		t.Errorf("the tag is said of 200 alone")
	}
	if at := responses["304"]; at == nil || at.Headers["ETag"] == nil || at.Headers["Cache-Control"] == nil {
		t.Errorf("304 says %v", at)
	}
}
