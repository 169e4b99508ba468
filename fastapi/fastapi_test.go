package fastapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/fastapi"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type order struct {
	ID   int    `path:"id"`
	Note string `query:"note" default:"" maxLength:"3"`
	Body struct {
		Name  string `json:"name" minLength:"2"`
		Items []int  `json:"items"`
	} `body:""`
}

var errTaken = problem.Define(http.StatusConflict, "taken", "It is taken.")

func service(t *testing.T) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Errors: fastapi.Errors(), Logger: tenontest.Logger(t)}, tenon.BeforeAuth(refuseSome))
	app.Put("/orders/{id}", func(_ context.Context, in *order) (*tenon.NoContent, error) {
		switch in.ID {
		case 1:
			return nil, errTaken.With("Take another.").Wrap(errors.New("secret-marker"))
		case 2:
			return nil, errTaken
		case 3:
			return nil, errors.New("secret-marker")
		case 4:
			panic("secret-marker")
		}
		return nil, nil
	}, tenon.Fails(errTaken), tenon.BodyLimit(100))
	return tenontest.New(t, app)
}

// refuseSome is middleware of plain net/http.
func refuseSome(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Refuse") != "" {
			problem.Write(w, r, problem.New(problem.CodeConflict, "Not now."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// TestEveryErrorHasTheForm holds each answer also to the document, which describes the form.
func TestEveryErrorHasTheForm(t *testing.T) {
	t.Parallel()
	s := service(t)
	const good = `{"name":"ab","items":[]}`
	for _, tt := range []struct {
		name   string
		answer *tenontest.Response
		status int
		want   string
	}{
		{"a problem with a detail", s.Put("/orders/1", good), 409, `{"detail":"Take another."}`},
		{"a problem without one", s.Put("/orders/2", good), 409, `{"detail":"It is taken."}`},
		{"an error", s.Put("/orders/3", good), 500, `{"detail":"The service failed."}`},
		{"a panic", s.Put("/orders/4", good), 500, `{"detail":"The service failed."}`},
		{"middleware", s.With("X-Refuse", "1").Put("/orders/9", good), 409, `{"detail":"Not now."}`},
		{"no route", s.Get("/nothing"), 404, `{"detail":"No resource has this path."}`},
		{"no method", s.Get("/orders/9"), 405, `{"detail":"Allowed: OPTIONS, PUT."}`},
		{"nothing that is accepted", s.With("Accept", "text/html").Get("/nothing"), 404, `{"detail":"No resource has this path."}`},
		{"not JSON", s.Put("/orders/9", `{`), 400, `{"detail":"The body is not valid JSON."}`},
		{"too large", s.Put("/orders/9", strings.Repeat(" ", 101)), 413, `{"detail":"The request body is too large."}`},
		{"another media type", s.With("Content-Type", "text/plain").Put("/orders/9", good), 415, `{"detail":"Content-Type is application/json."}`},
		{"faults of every source", s.Put("/orders/x?note=long", `{"name":"","items":[1,"x"],"a/b":1}`), 422, `{"detail":[` +
			`{"type":"type","loc":["path","id"],"msg":"must be an integer","ctx":{"type":"integer"}},` +
			`{"type":"maxLength","loc":["query","note"],"msg":"must have 3 characters or fewer","ctx":{"maxLength":3}},` +
			`{"type":"minLength","loc":["body","name"],"msg":"must have 2 characters or more","ctx":{"minLength":2}},` +
			`{"type":"type","loc":["body","items",1],"msg":"must be an integer","ctx":{"type":"integer"}},` +
			`{"type":"unknown","loc":["body","a/b"],"msg":"is not a known member","ctx":{"of":"member"}}]}`},
		{"no body", s.Put("/orders/9", nil), 422, `{"detail":[{"type":"required","loc":["body"],"msg":"is required"}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.answer.Status(tt.status).Header("Content-Type", "application/json")
			if got := string(tt.answer.Body); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestTheDocumentHasTheForm(t *testing.T) {
	t.Parallel()
	r := service(t).Get("/openapi.json").Status(200)
	if body := string(r.Body); strings.Contains(body, "problem+json") || !strings.Contains(body, "HTTPValidationError") || !strings.Contains(body, "HTTPException") {
		t.Errorf("the document tells another form: %s", body)
	}
}

func TestAnErrorFormIsWhole(t *testing.T) {
	t.Parallel()
	whole := fastapi.Errors()
	for name, form := range map[string]*tenon.ErrorForm{
		"no media type":    {Append: whole.Append, Schema: whole.Schema},
		"a range of types": {MediaType: "application/*", Append: whole.Append, Schema: whole.Schema},
		"no Append":        {MediaType: "application/json", Schema: whole.Schema},
		"no Schema":        {MediaType: "application/json", Append: whole.Append},
	} {
		err := tenon.New(tenon.Config{Errors: form}).Compile()
		if err == nil || !strings.Contains(err.Error(), "tenon.Config: Errors: an ErrorForm has") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
