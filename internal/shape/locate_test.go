package shape_test

import (
	"reflect"
	"testing"

	"github.com/tenon-go/tenon/internal/shape"
)

type (
	located struct {
		ID   int       `path:"id"`
		Page int       `query:"page/no"`
		Body outermost `body:""`
	}
	outermost struct {
		Name  string           `json:"name"`
		Items []*inner         `json:"items"`
		Map   map[string]inner `json:"a/b"`
		Any   any              `json:"any"`
	}
	inner struct {
		X int `json:"x"`
	}
)

func TestLocateKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, pointer, want string }{
		{"a parameter", "path", "/id", "/id"},
		{"a parameter of another source", "query", "/id", ""},
		{"a name that is escaped", "query", "/page~1no", "/page~1no"},
		{"a parameter that is not there", "query", "/size", ""},
		{"a member", "body", "/name", "/name"},
		{"a member that is not there", "body", "/other", ""},
		{"the whole body", "body", "", ""},
		{"an item", "body", "/items/3/x", "/items/3/x"},
		{"as far as it goes", "body", "/items/3/y/z", "/items/3"},
		{"below what has no members", "body", "/name/x", "/name"},
		{"a member of a map", "body", "/a~1b/k/x", "/a~1b/k/x"},
		{"anything in any JSON", "body", "/any/x/0", "/any/x/0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			typ, faults := shape.NewReader().Read(reflect.TypeFor[located]())
			if faults != nil {
				t.Fatal(faults)
			}
			if got := typ.Locate(tt.in, tt.pointer); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	whole, faults := shape.NewReader().Read(reflect.TypeFor[outermost]())
	if got := whole.Locate("body", "/items/0"); faults != nil || got != "/items/0" {
		t.Errorf("%q, %v", got, faults)
	}
	if got := whole.Locate("query", "/name"); got != "" {
		t.Errorf("a query parameter is found in a body: %q", got)
	}
}
