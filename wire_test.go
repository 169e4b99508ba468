package tenon_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// TestW01HeadIsAnsweredByGet reads HEAD and what follows on one connection.
func TestW01HeadIsAnsweredByGet(t *testing.T) {
	t.Parallel()
	app := routes(t)
	answers := raw(t, app, "HEAD /users/7 HTTP/1.1\r\nHost: a\r\n\r\nGET /users/7 HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD", "GET")
	body, _ := io.ReadAll(answers[1].Body)
	if answers[0].StatusCode != 200 || answers[0].ContentLength != int64(len(body)) || len(body) == 0 {
		t.Errorf("HEAD %d with length %d, GET has %d bytes", answers[0].StatusCode, answers[0].ContentLength, len(body))
	}
}

// TestW02SlashesAreNoRedirects sends targets as they are over a socket.
func TestW02SlashesAreNoRedirects(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]int{"/users/": 200, "/users": 200, "//users": 404, "/users//": 404, "/x/../users": 404, "/users/7/": 200} {
		got := raw(t, routes(t), "GET "+target+" HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Proto: https\r\n\r\n", "GET")[0]
		if got.StatusCode != want || got.Header.Get("Location") != "" {
			t.Errorf("%s: %d, Location %q, want %d", target, got.StatusCode, got.Header.Get("Location"), want)
		}
	}
}

func TestW03AllowNamesEveryMethod(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/users/7": "DELETE, GET, HEAD, OPTIONS", "/users/a%2Fb": "DELETE, GET, HEAD, OPTIONS", "/users": "GET, HEAD, OPTIONS",
	} {
		got := raw(t, routes(t), "PUT "+target+" HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "PUT")[0]
		if got.StatusCode != 405 || got.Header.Get("Allow") != want {
			t.Errorf("%s: %d, Allow %q, want %q", target, got.StatusCode, got.Header.Get("Allow"), want)
		}
	}
	body, _ := io.ReadAll(raw(t, routes(t), "GET /users/a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n", "GET")[0].Body)
	if !strings.Contains(string(body), `"a":"a/b"`) {
		t.Errorf("%%2F does not stay in its segment: %s", body)
	}
}

// TestTRACEIsNoMethodOfAnOperation, nor is it answered: it would send back what a client's browser keeps from its pages (RFC 9110, section 9.3.8).
func TestTRACEIsNoMethodOfAnOperation(t *testing.T) {
	t.Parallel()
	got := raw(t, routes(t), "TRACE /users/7 HTTP/1.1\r\nHost: a\r\nCookie: marker-4711\r\n\r\n", "TRACE")[0]
	body, _ := io.ReadAll(got.Body)
	if got.StatusCode != 405 || strings.Contains(string(body), "marker-4711") {
		t.Errorf("%d: %s", got.StatusCode, body)
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Handle("TRACE", "/x", func(context.Context, *none) (*tenon.NoContent, error) { return nil, nil })
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "not a method that an operation can have") {
		t.Errorf("an operation of TRACE: %v", err)
	}
}

// TestSD151ConditionsAndRanges adds the statuses of conditions, ranges and redirects to those of TestSD151Statuses, each documented.
func TestSD151ConditionsAndRanges(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	n := &notes{version: 7, text: "a"}
	note := app.Get("/note", n.get)
	app.Patch("/note", n.patch)
	app.Get("/letters", func(context.Context, *none) (*tenon.File, error) { return letters(), nil })
	app.Post("/go", func(context.Context, *none) (*tenon.Redirect, error) { return note.Redirect(none{}), nil })
	s := tenontest.New(t, app)
	s.With("If-None-Match", `"7"`).Get("/note").Status(304)
	s.With("If-Match", `"6"`).Get("/note").Status(412)
	s.With("If-Match", `"6"`).Patch("/note", `{}`).Status(412)
	s.Patch("/note", `{}`).Status(428)
	s.With("Range", "bytes=0-1").Get("/letters").Status(206)
	s.With("Range", "bytes=99-").Get("/letters").Status(416)
	s.Post("/go", nil).Status(303).Header("Location", "/note")
}
