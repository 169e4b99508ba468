package tenontest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

type (
	thing struct {
		Name string `json:"name"`
		Size int    `json:"size"`
	}
	thingMore struct {
		Name   string `json:"name"`
		Size   int    `json:"size"`
		Colour string `json:"colour"`
	}
	thingLess struct {
		Name string `json:"name"`
	}
)

func gives[O any]() tenon.Handler[struct{}, O] {
	return func(context.Context, *struct{}) (*O, error) { return new(O), nil }
}

func plainApp[O any]() *tenon.App {
	app := tenon.New(tenon.Config{})
	app.Get("/thing", gives[O]())
	return app
}

func toThing(_ context.Context, t *thingLess) (*thing, error) { return &thing{Name: t.Name}, nil }

// versioned has things as the newest of its versions.
func versioned[O any](versions ...tenon.Version) *tenon.App {
	app := tenon.New(tenon.Config{})
	app.Versions("/{version}", tenon.Versions{List: versions}).Get("/thing", gives[O]())
	return app
}

func TestDocuments(t *testing.T) {
	first := tenon.Version{Name: "v1"}
	second := tenon.Version{Name: "v2", Changes: []tenon.VersionChange{{Doc: "A thing has no size.", Migrations: []tenon.Migration{tenon.Downgrade(toThing)}}}}
	for _, tt := range []struct {
		name    string
		before  *tenon.App // whose documents are kept
		after   *tenon.App
		says    string // one report holds it; "" is no report
		written bool   // TENON_UPDATE=1 makes it right
	}{
		{"nothing has changed", plainApp[thing](), plainApp[thing](), "", true},
		{"a file is not there", nil, plainApp[thing](), "openapi.json is not there", true},
		{"a member is new", plainApp[thing](), plainApp[thingMore](), "compatible: GET /thing: 200 /colour: the member is new", true},
		{"a member is gone", plainApp[thing](), plainApp[thingLess](), "breaking: GET /thing: 200 /size: the member is gone", false},
		{"it is gone in the version that has it", versioned[thing](first), versioned[thingLess](first), "v1.json: clients would break", false},
		{"it is gone in a version that declares it", versioned[thing](first), versioned[thingLess](first, second), "v2.json is not there", true},
		{"a version is gone", versioned[thingLess](first, second), versioned[thingLess](tenon.Version{Name: "v2"}), "v1.json: the app has no such version", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if tt.before != nil {
				t.Setenv("TENON_UPDATE", "1")
				tenontest.Documents(t, tt.before, dir)
			}
			t.Setenv("TENON_UPDATE", "")
			said := strings.Join(failures(t, func(f *fake) { tenontest.Documents(f, tt.after, dir) }), "\n")
			if tt.says == "" && said != "" || !strings.Contains(said, tt.says) {
				t.Errorf("reports %q, want %q", said, tt.says)
			}
			kept := filesOf(t, dir)
			t.Setenv("TENON_UPDATE", "1")
			left := failures(t, func(f *fake) { tenontest.Documents(f, tt.after, dir) })
			if (len(left) == 0) != tt.written {
				t.Errorf("the update leaves %q", left)
			}
			if strings.Contains(tt.says, "break") && filesOf(t, dir) != kept {
				t.Error("a promise was written over")
			}
		})
	}
}

func filesOf(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(file + "\n" + string(text))
	}
	return all.String()
}
