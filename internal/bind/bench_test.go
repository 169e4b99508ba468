package bind_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"uuid"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
)

func BenchmarkByID(b *testing.B) {
	type input struct {
		ID int `path:"id" minimum:"1"`
	}
	run[input](b, []string{"id"}, []string{"42"}, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/users/42", nil))
}

func BenchmarkByUUID(b *testing.B) {
	type input struct {
		ID uuid.UUID `path:"id"`
	}
	run[input](b, []string{"id"}, []string{"0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e"}, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/", nil))
}

func BenchmarkPage(b *testing.B) {
	type input struct {
		Page int    `query:"page" minimum:"1"                default:"1"`
		Size int    `query:"size" minimum:"1" maximum:"100"  default:"10"`
		Name string `query:"name" maxLength:"100"            default:""`
	}
	run[input](b, nil, nil, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/users?page=3&name=ada", nil))
}

func BenchmarkEverySource(b *testing.B) {
	type input struct {
		ID    string `path:"id"`
		Limit int    `query:"limit"`
		Agent string `header:"User-Agent"`
		Theme string `cookie:"theme"`
	}
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/?limit=5", nil)
	r.Header.Set("User-Agent", "test")
	r.Header.Set("Cookie", "session=abc; theme=dark")
	run[input](b, []string{"id"}, []string{"x"}, r)
}

func run[I any](b *testing.B, names, path []string, r *http.Request) {
	b.Helper()
	b.ReportAllocs()
	typ, errs := shape.NewReader().Read(reflect.TypeFor[I]())
	if errs != nil {
		b.Fatal(errs)
	}
	plan, errs := bind.Compile(typ, names, validate.Builtin(), bind.Limits{})
	if errs != nil {
		b.Fatal(errs)
	}
	var faults validate.Faults
	for b.Loop() {
		in := new(I)
		faults.Reset()
		if err := plan.Bind(r, path, reflect.ValueOf(in).Elem(), nil, &faults); err != nil || faults.Len() > 0 {
			b.Fatal(err, faults.List)
		}
	}
}
