package tenon_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

const versionFaultsFile = "testdata/versions.golden"

// TestRefusalsOfVersions holds what is said to those who name no version there is, or one that is gone, to testdata/versions.golden.
func TestRefusalsOfVersions(t *testing.T) {
	t.Parallel()
	past := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	both := []tenon.Version{{Name: "2025-01-01", Deprecated: past.AddDate(0, -1, 0), Sunset: past, Gone: true}, {Name: "2025-06-01"}, {Name: "2026-02-01"}}
	one := both[2:]
	var out strings.Builder
	for _, tt := range []struct {
		prefix   string
		versions tenon.Versions
		refused  refusal
	}{
		{"/{version}", tenon.Versions{List: both}, refusal{name: "a path with a version there is not", target: "GET /v9/x"}},
		{"/{version}", tenon.Versions{List: both}, refusal{name: "a version that is gone", target: "GET /2025-01-01/x"}},
		{"/{version}", tenon.Versions{List: one}, refusal{name: "a path where there is one version", target: "GET /v9/x"}},
		{"", tenon.Versions{List: both, By: tenon.ByHeader("API-Version")}, refusal{name: "a header field that names none", target: "GET /x", header: "Api-Version: v9"}},
		{"", tenon.Versions{List: one, By: tenon.ByHeader("API-Version")}, refusal{name: "a header field where there is one", target: "GET /x", header: "Api-Version: v9"}},
		{"", tenon.Versions{List: both, By: tenon.ByDate("API-Version")}, refusal{name: "a date before all", target: "GET /x", header: "Api-Version: 2020-01-01"}},
		{"", tenon.Versions{List: both, By: tenon.ByMediaType("version")}, refusal{name: "a media type", target: "GET /x", header: "Accept: application/json; version=v9"}},
		{"", tenon.Versions{List: both, By: tenon.ByQuery("version")}, refusal{name: "a query", target: "GET /x?version=v9"}},
		{"", tenon.Versions{List: both, By: tenon.ByQuery("version")}, refusal{name: "two in a query", target: "GET /x?version=2025-06-01&version=2026-02-01"}},
	} {
		app := tenon.New(tenon.Config{})
		app.Versions(tt.prefix, tt.versions).Get("/x", func(context.Context, *struct{}) (*Note, error) { return &Note{}, nil })
		if err := app.Compile(); err != nil {
			t.Fatal(err)
		}
		out.WriteString(refusedBy(t, app, []refusal{tt.refused}))
	}
	goldenText(t, versionFaultsFile, out.String())
}
