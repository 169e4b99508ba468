package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// plans is a database that says how it runs what it can.
type plans struct{}

func (plans) PlanStatement(ctx context.Context, text string, values int) ([]string, error) {
	if _, timed := ctx.Deadline(); !timed {
		return nil, errors.New("there is no end to it")
	}
	if strings.HasPrefix(text, "SELECT") {
		return []string{fmt.Sprintf("SCAN for %d values", values)}, nil
	}
	return nil, errors.New("only SELECT has a plan")
}

// TestN13StatementsOfAnOperation tells of statements and asks for their plans.
func TestN13StatementsOfAnOperation(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/few", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
		for range 3 {
			tenon.Statement(ctx, tenon.RanStatement{Text: "SELECT a\n\tFROM b WHERE c = ?", Values: 1, Database: plans{}})
		}
		tenon.Statement(ctx, tenon.RanStatement{Text: "VACUUM", Database: plans{}})
		tenon.Statement(ctx, tenon.RanStatement{Text: "LISTEN x"})
		tenon.Statement(ctx, tenon.RanStatement{Text: strings.Repeat("long ", 2000), Database: plans{}})
		tenon.Statement(ctx, tenon.RanStatement{})
		return nil, nil
	})
	app.Get("/many", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
		for i := range 100 {
			tenon.Statement(ctx, tenon.RanStatement{Text: fmt.Sprint("SELECT ", i), Database: plans{}})
		}
		return nil, nil
	})
	tenon.Statement(t.Context(), tenon.RanStatement{Text: "SELECT nobody"}) // without a request
	s := tenontest.New(t, app)
	explain := func(path string) tenon.Explanation {
		s.Get(path).Status(http.StatusNoContent)
		e, err := app.Explain(httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	_, got, _ := strings.Cut(explain("/few").String(), "What its requests")
	const want = ` asked of databases, with the plans of now
  statement    SELECT a FROM b WHERE c = ?
               SCAN for 1 values
  statement    VACUUM
  no plan      only SELECT has a plan
  statement    LISTEN x
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if n := len(explain("/many").Ran); n != 64 {
		t.Errorf("%d statements are kept, want 64", n)
	}
}
