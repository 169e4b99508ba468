package tenon_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
)

// TestExplainSaysWhenWhatIsProvidedIsFinished has values of the request, behind an interface and of the app, for answers that are whole and not.
func TestExplainSaysWhenWhatIsProvidedIsFinished(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Provide(func(context.Context, *struct{}) (*sealed, error) { return &sealed{}, nil })
	app.Provide(func(context.Context, *struct{}) (*fmt.Stringer, error) { return nil, nil })
	app.Singleton(func(context.Context, *struct{}) (*finished, error) { return &finished{}, nil })
	type needs struct {
		Sealed *sealed      `dep:""`
		Text   fmt.Stringer `dep:"optional"`
		App    *finished    `dep:""`
	}
	outer := tenon.BeforeAuth(func(next http.Handler) http.Handler { return next })
	app.Get("/whole", func(context.Context, *needs) (*found, error) { return &found{}, nil }, tenon.Critical(), outer)
	app.Get("/lines", func(context.Context, *needs) (*slowLines, error) { return &slowLines{}, nil })
	app.Get("/body", func(context.Context, *needs) (*downloaded, error) { return &downloaded{}, nil })
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/whole": "finished before the first byte", "/lines": "finished before the first byte, or after the last of what is sent piece by piece",
		"/body": "finished before the first byte, or after the last of what is sent piece by piece",
	} {
		e, err := app.Explain(httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
		if err != nil {
			t.Fatal(err)
		}
		text := e.String()
		for _, want := range []string{want + "\n", want + " where it has the method Finish\n", "at the start, finished when the app stops\n"} {
			if strings.Count(text, want) != 1 {
				t.Errorf("%s: %q is not told once:\n%s", path, want, text)
			}
		}
		if gate, first := strings.Index(text, "critical:"), strings.Index(text, "middleware"); path == "/whole" && gate < first {
			t.Errorf("the gate stands before what is outside it:\n%s", text)
		}
	}
}
