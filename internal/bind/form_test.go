package bind_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

type contact struct {
	Name  string            `form:"name"  minLength:"2" maxLength:"5"`
	Age   tenon.Opt[uint8]  `form:"age"`
	Tags  []string          `form:"tag"   default:"" maxItems:"2" uniqueItems:"true"`
	Terms bool              `form:"terms" default:"false"`
	Born  *tenon.Date       `form:"born"`
	Level tenon.Opt[string] `form:"level" enum:"low,high"`
	Note  tenon.Opt[string] `form:"note"`
}

// filled reads a urlencoded body into an I. The text is as that of bound.
func filled[I any](tb testing.TB, body string, lim bind.FormLimits) (I, string) {
	tb.Helper()
	typ, errs := shape.NewReader().Read(reflect.TypeFor[I]())
	if errs != nil {
		tb.Fatal(errs)
	}
	p, errs := bind.CompileForm(typ, validate.Builtin(), lim)
	if errs != nil {
		tb.Fatal(errs)
	}
	var in I
	var f validate.Faults
	filling := p.Begin(httptest.NewRequestWithContext(context.Background(), "POST", "/", nil), reflect.ValueOf(&in).Elem(), &f)
	err := filling.URLEncoded(body)
	if err == nil {
		err = filling.Finish()
	}
	if bad, ok := errors.AsType[*problem.Error](err); ok {
		return in, "400 " + bad.Faults()[0].In + " " + bad.Faults()[0].Code + ": " + bad.Faults()[0].Message
	}
	if err != nil {
		tb.Fatal(err)
	}
	lines := make([]string, 0, f.Len())
	for _, fault := range f.List {
		lines = append(lines, fault.In+fault.Pointer+" "+fault.Code)
	}
	return in, strings.Join(lines, "|")
}

func TestForm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		want       contact
		faults     string
	}{
		{"reads what is required alone", "name=Ada", contact{Name: "Ada", Tags: []string{}}, ""},
		{"reads scalars", "name=Ada&age=36&terms=true&level=low", contact{Name: "Ada", Age: tenon.Some(uint8(36)), Tags: []string{}, Terms: true, Level: tenon.Some("low")}, ""},
		{"reads lists", "tag=a&name=Ada&tag=b", contact{Name: "Ada", Tags: []string{"a", "b"}}, ""},
		{"decodes escapes", "n%61me=%C3%84+%2B", contact{Name: "Ä +", Tags: []string{}}, ""},
		{"takes an empty value as present", "name=Ada&note=", contact{Name: "Ada", Tags: []string{}, Note: tenon.Some("")}, ""},
		{"reports all faults", "name=A&age=256&terms=on&born=today&level=mid", contact{}, "body/name minLength|body/age range|body/terms type|body/born format|body/level enum"},
		{"reports what is absent", "", contact{}, "body/name required"},
		{"reports what is unknown, once", "name=Ada&x=1&x=2&Name=Ada", contact{}, "body/x unknown|body/Name unknown"},
		{"reports a scalar that is repeated", "name=Ada&name=Bob&name=Eve", contact{}, "body/name duplicate"},
		{"judges lists", "name=Ada&tag=a&tag=a&tag=b", contact{}, "body/tag maxItems|body/tag uniqueItems"},
		{"keeps an empty number apart from none", "name=Ada&age=", contact{}, "body/age type"},
		{"refuses NUL", "name=A%00a", contact{}, "body/name nul"},
		{"bounds a value", "name=Ada&note=" + strings.Repeat("a", 101), contact{}, "body/note maxLength"},
		{"clips a long name", "name=Ada&" + strings.Repeat("ä", 65) + "=1", contact{}, "body/" + strings.Repeat("ä", 64) + "… unknown"},
		{"refuses a bad escape", "name=%zz", contact{}, "400 body syntax: must not have a bad percent escape, as at byte 5"},
		{"refuses a semicolon", "name=Ada;age=1", contact{}, "400 body syntax: must not have a semicolon, as at byte 8: write %3B, or separate pairs with &"},
		{"refuses what is not UTF-8", "name=%ff", contact{}, "400 body syntax: must be in UTF-8, and is not at byte 5"},
		{"refuses too many pairs", "name=Ada" + strings.Repeat("&tag=a", 10), contact{}, "400 body pairs: must have 10 pairs or fewer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, faults := filled[contact](t, tt.body, bind.FormLimits{Pairs: 10, FieldBytes: 100})
			if faults != tt.faults {
				t.Fatalf("faults %s, want %s", faults, tt.faults)
			}
			if faults == "" && !reflect.DeepEqual(got, tt.want) {
				t.Errorf("read %+v, want %+v", got, tt.want)
			}
		})
	}
}

// FuzzURLEncoded promises that a form that is taken holds what net/url reads, and that what net/url refuses is refused.
func FuzzURLEncoded(f *testing.F) {
	for _, s := range []string{"a=1&b=2", "a&a=&a=x", "b=%2B+%26", "b=a;b", "b=%", "a=%ff", "=1", "&&&", "a=b=c", "%61=1", "b=%00"} {
		f.Add(s)
	}
	type form struct {
		A tenon.Opt[[]string] `form:"a"`
		B tenon.Opt[string]   `form:"b"`
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, faults := filled[form](t, body, bind.FormLimits{})
		if faults != "" {
			return
		}
		want, err := url.ParseQuery(body)
		if err != nil {
			t.Fatalf("%q is taken, and refused by net/url: %v", body, err)
		}
		b := want["b"]
		if !reflect.DeepEqual(got.A.Value, want["a"]) || got.B.Set != (len(b) == 1) || len(b) == 1 && b[0] != got.B.Value {
			t.Errorf("%q is taken as %+v, by net/url as %q", body, got, want)
		}
		for name := range want {
			if name != "a" && name != "b" {
				t.Errorf("%q is taken with the unknown field %q", body, name)
			}
		}
	})
}
