package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSession(t *testing.T) {
	t.Parallel()
	session.Run(t, newApp())
}

func TestTheFormOfFastAPI(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, moved())
	s.Post("/orders", `{"count":9}`).Status(409).JSON(`{"detail":"There is not enough of it."}`)
	s.Post("/orders", `{"count":1,"discount":100}`).Status(422).
		JSON(`{"detail":[{"type":"final-price","loc":["body","discount"],"msg":"must leave a price of 1 cent or more","ctx":{"cents":1}}]}`)
}

// TestCatalogue holds catalogue.md, which the page shows, to what a client may be told.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	page.WriteString("<!-- region: problems -->\n| code | status | title |\n|---|--:|---|\n")
	for _, e := range append(problem.Standard(), middleware.ErrCrossOrigin, middleware.ErrMisdirected, middleware.ErrOverloaded, health.ErrNotReady,
		data.ErrUnavailable, data.ErrUnknown) {
		fmt.Fprintf(&page, "| `%s` | %d | %s |\n", e.Code(), e.Status(), e.Title())
	}
	page.WriteString("<!-- endregion: problems -->\n\n<!-- region: texts -->\n| code | with | message |\n|---|---|---|\n")
	for _, text := range tenon.Texts() {
		fixed := ""
		if text.Fixed() != "" {
			fixed = "`" + text.Fixed() + "`"
		}
		message := text.Template()
		if one := text.TemplateOfOne(); one != "" {
			message += "<br>" + one
		}
		fmt.Fprintf(&page, "| `%s` | %s | %s |\n", text.Code(), fixed, message)
	}
	page.WriteString("<!-- endregion: texts -->\n")
	const file = "catalogue.md"
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != page.String() {
		t.Errorf("%s is not the catalogue; make pages writes it: %v", file, err)
	}
}
