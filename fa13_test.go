package tenon_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

type level struct{ n int }

// TestFA13ManyRoutesOfNestedGroups has 1,000 routes in 50 groups of which each stands in the one before. Prefixes and middleware add up;
// what a group says once, the nearest says. (bench/start measures how long such an app takes to start.)
func TestFA13ManyRoutesOfNestedGroups(t *testing.T) {
	t.Parallel()
	const groups, routes = 50, 20
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	full := problem.Define(http.StatusConflict, "group-full", "The group is full.")
	group := app.Group("/g0", tenon.Tags("outer"), tenon.Fails(full), tenon.Summary("outermost"))
	for g := range groups {
		if g > 0 {
			group = group.Group(fmt.Sprintf("/g%d", g), tenon.Tags(fmt.Sprintf("g%d", g)), tenon.BeforeAuth(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Add("X-Groups", strconv.Itoa(g))
					next.ServeHTTP(w, r)
				})
			}))
		}
		if g%10 == 0 { // a provider of the group hides that of the groups around it
			group.Provide(func(context.Context, *struct{}) (*level, error) { return &level{g}, nil })
		}
		for n := range routes {
			group.Get(fmt.Sprintf("/r%d", n), func(_ context.Context, in *struct {
				Level *level `dep:""`
			}) (*found, error) {
				return &found{Route: fmt.Sprintf("%d.%d", g, n), A: strconv.Itoa(in.Level.n)}, nil
			})
		}
	}
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	if n := len(app.Operations()); n != groups*routes {
		t.Errorf("%d operations", n)
	}
	path := ""
	for g := range groups {
		path += fmt.Sprintf("/g%d", g)
		for n := range routes {
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/r%d", path, n), http.NoBody))
			want := fmt.Sprintf(`{"route":"%d.%d","a":"%d","b":""}`, g, n, g/10*10)
			if w.Code != http.StatusOK || w.Body.String() != want || len(w.Header().Values("X-Groups")) != g {
				t.Fatalf("%s/r%d: %d %s by %v, want %s", path, n, w.Code, w.Body, w.Header().Values("X-Groups"), want)
			}
		}
	}
	deep := app.OpenAPI().Paths[path+"/r0"].Get
	if deep.Summary != "outermost" || deep.Responses["409"] == nil || deep.Tags[0] != "outer" || !slices.Contains(deep.Tags, "g49") {
		t.Errorf("summary %q, tags %v, 409 %t", deep.Summary, deep.Tags, deep.Responses["409"] != nil)
	}
}
