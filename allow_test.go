package tenon_test

import (
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// TestOptionsSayWhatMayBeSent asks what the bodies of PATCH (RFC 5789) and POST may be.
func TestOptionsSayWhatMayBeSent(t *testing.T) {
	t.Parallel()
	type change struct {
		Text tenon.Opt[string] `json:"text"`
	}
	type image struct {
		Body []byte `body:"image/png,image/*"`
	}
	type blank struct {
		A string `path:"a"`
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Codec("application/yaml", tenon.Codec{ToJSON: func(b []byte) ([]byte, error) { return b, nil }})
	app.Patch("/notes", takes[change]())
	app.Post("/notes", takes[note]())
	app.Post("/images", takes[image]())
	app.Post("/blank/{a}", takes[blank]())
	app.Get("/read", gives[fine]())
	s := tenontest.New(t, app)
	for path, want := range map[string][2]string{
		"/notes":   {"application/json, application/merge-patch+json, application/yaml", "application/json, application/yaml"},
		"/notes/":  {"application/json, application/merge-patch+json, application/yaml", "application/json, application/yaml"},
		"/images":  {"", "image/png, image/*"},
		"/blank/b": {"", ""},
		"/read":    {"", ""},
	} {
		s.Do("OPTIONS", path, nil).Status(204).Header("Accept-Patch", want[0]).Header("Accept-Post", want[1])
	}
	s.Do("OPTIONS", "/none", nil).Status(404).Header("Accept-Patch", "")
	s.With("Content-Type", "text/plain").Patch("/notes", "x").Status(415).
		Header("Accept-Patch", "application/json, application/merge-patch+json, application/yaml")
}
