package bind_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

func TestPath(t *testing.T) {
	t.Parallel()
	type input struct {
		Name string    `path:"name" maxLength:"3"`
		ID   uint8     `path:"id"   minimum:"1"`
		Key  uuid.UUID `path:"key"`
	}
	const key = "0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e"
	for _, tt := range []struct {
		name          string
		id, text, key string
		want          string
	}{
		{"values in the order of the wildcards", "7", "a/b", key, ""},
		{"a value of another kind", "abc", "a", key, "path/id type"},
		{"a value outside the width", "256", "a", key, "path/id range"},
		{"a broken rule", "0", "abcd", key, "path/name maxLength|path/id minimum"},
		{"no text", "7", "\xff", key, "path/name type"},
		{"U+0000", "7", "\x00", key, "path/name nul"},
		{"all at once", "x", "abcd", "x", "path/name maxLength|path/id type|path/key format"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, faults := into[input]("name", "id", "key")(t, get(""), tt.text, tt.id, tt.key)
			if faults != tt.want {
				t.Errorf("faults %s, want %s", faults, tt.want)
			}
			if want := (input{"a/b", 7, uuid.MustParse(key)}); tt.want == "" && got != want {
				t.Errorf("bound %+v, want %+v", got, want)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	type input struct {
		Trace   tenon.Opt[string]   `header:"x-trace-id" minLength:"2"`
		Retries int                 `header:"X-Retries"  default:"3"`
		Match   tenon.Opt[[]string] `header:"If-Match"`
		Counts  []int               `header:"X-Counts"   default:""    minimum:"1"`
		Host    string              `header:"host"`
		Type    tenon.Opt[string]   `header:"Content-Type"`
	}
	fine := input{Retries: 3, Counts: []int{}, Host: "example.com"}
	but := func(change func(*input)) input {
		in := fine
		change(&in)
		return in
	}
	for _, tt := range []struct {
		name   string
		r      *http.Request
		want   input
		faults string
	}{
		{"absent", get(""), fine, ""},
		{"names are found in any case", with("X-Trace-Id", "ab"), but(func(in *input) { in.Trace = tenon.Some("ab") }), ""},
		{"a number", with("X-Retries", "5"), but(func(in *input) { in.Retries = 5 }), ""},
		{"present and empty is not absent", with("X-Retries", ""), fine, "header/X-Retries type"},
		{"a broken rule", with("X-Trace-Id", "a"), fine, "header/x-trace-id minLength"},
		{"two lines of a scalar", with("X-Retries", "1", "1"), fine, "header/X-Retries duplicate"},
		{"a scalar keeps its commas", with("X-Trace-Id", "a, b"), but(func(in *input) { in.Trace = tenon.Some("a, b") }), ""},
		{"a list from one line", with("X-Counts", "1, 2 ,\t3"), but(func(in *input) { in.Counts = []int{1, 2, 3} }), ""},
		{"a list from several lines", with("X-Counts", "1,2", "3"), but(func(in *input) { in.Counts = []int{1, 2, 3} }), ""},
		{"empty elements are passed over", with("X-Counts", ",1,,2,"), but(func(in *input) { in.Counts = []int{1, 2} }), ""},
		{"a broken element", with("X-Counts", "1,x", "0"), fine, "header/X-Counts/1 type|header/X-Counts/2 minimum"},
		{"a comma in quotes does not separate", with("If-Match", `"a,b", W/"\",", *`), but(func(in *input) { in.Match = tenon.Some([]string{`"a,b"`, `W/"\","`, "*"}) }), ""},
		{"reserved names", with("Content-Type", "a/b"), but(func(in *input) { in.Type = tenon.Some("a/b") }), ""},
		{"text that is not UTF-8", with("X-Trace-Id", "ab\xff"), fine, "header/x-trace-id type"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, faults := into[input]()(t, tt.r)
			if faults != tt.faults {
				t.Errorf("faults %s, want %s", faults, tt.faults)
			}
			if tt.faults == "" && !reflect.DeepEqual(got, tt.want) {
				t.Errorf("bound %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestRequiredHeader(t *testing.T) {
	t.Parallel()
	type input struct {
		Key string `header:"Idempotency-Key"`
	}
	if _, got := into[input]()(t, get("")); got != "header/Idempotency-Key required" {
		t.Errorf("faults %s", got)
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	type input struct {
		Theme string         `cookie:"theme" enum:"dark,light"`
		Seen  tenon.Opt[int] `cookie:"seen"`
	}
	const bad = "400 cookie syntax: must be pairs of a name and a value, and is not at byte "
	for _, tt := range []struct {
		name  string
		lines []string
		want  input
		fails string
	}{
		{"a cookie", []string{"theme=dark"}, input{Theme: "dark"}, ""},
		{"others are passed over", []string{"session=a/b==; theme=dark; seen=3; _ga=GA1.2"}, input{"dark", tenon.Some(3)}, ""},
		{"quotes are not part of the value", []string{`theme="dark"`}, input{Theme: "dark"}, ""},
		{"an empty value is present", []string{"theme=dark; seen="}, input{}, "cookie/seen type"},
		{"absent", nil, input{}, "cookie/theme required"},
		{"an empty header", []string{""}, input{}, "cookie/theme required"},
		{"a broken rule", []string{"theme=blue"}, input{}, "cookie/theme enum"},
		{"names have a case", []string{"Theme=dark"}, input{}, "cookie/theme required"},
		{"twice", []string{"theme=dark; theme=light"}, input{}, "cookie/theme duplicate"},
		{"no equals sign", []string{"theme=dark; x"}, input{}, bad + "11"},
		{"no name", []string{"=dark"}, input{}, bad + "0"},
		{"a control character", []string{"x=\x01"}, input{}, bad + "0"},
		{"NUL in a name", []string{"theme=dark; x\x00=1"}, input{}, bad + "11"},
		{"DEL", []string{"x=\x7f"}, input{}, bad + "0"},
		{"a foreign name of any form", []string{"a b[]=c; theme=dark; ä=1"}, input{Theme: "dark"}, ""},
		{"a foreign value of any form", []string{`x={"a": "b,c\d"}; theme=dark; y=ä; z="; t=` + "a\tb"}, input{Theme: "dark"}, ""},
		{"the same foreign name twice", []string{"x=1; theme=dark; x=2"}, input{Theme: "dark"}, ""},
		{"a space in a value", []string{"theme=da rk"}, input{}, "cookie/theme syntax"},
		{"a comma", []string{"theme=dark,x"}, input{}, "cookie/theme syntax"},
		{"a backslash", []string{`theme=a\b`}, input{}, "cookie/theme syntax"},
		{"a quote within", []string{`theme=a"b`}, input{}, "cookie/theme syntax"},
		{"one quote", []string{`theme="`}, input{}, "cookie/theme syntax"},
		{"a letter beyond ASCII", []string{"theme=ä; seen=x"}, input{}, "cookie/theme syntax|cookie/seen type"},
		{"malformed and given again", []string{"theme=ä; theme=dark"}, input{}, "cookie/theme syntax|cookie/theme duplicate"},
		{"no space behind the semicolon", []string{"theme=dark;seen=1"}, input{"dark", tenon.Some(1)}, ""},
		{"two spaces", []string{"theme=dark;  seen=1"}, input{"dark", tenon.Some(1)}, ""},
		{"a semicolon at the end", []string{"theme=dark; "}, input{Theme: "dark"}, ""},
		{"two lines, as HTTP/2 may send them", []string{"theme=dark", "seen=1"}, input{"dark", tenon.Some(1)}, ""},
		{"twice over two lines", []string{"theme=dark", "theme=dark"}, input{}, "cookie/theme duplicate"},
		{"51 over two lines", []string{strings.Repeat("a=b; ", 50), "theme=dark"}, input{}, "400 cookie pairs: must have 50 pairs or fewer"},
		{"50 are enough", []string{strings.Repeat("a=b; ", 49) + "theme=dark"}, input{Theme: "dark"}, ""},
		{"51 are too many", []string{strings.Repeat("a=b; ", 50) + "theme=dark"}, input{}, "400 cookie pairs: must have 50 pairs or fewer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, fails := into[input]()(t, with("Cookie", tt.lines...))
			if fails != tt.fails {
				t.Errorf("answer %s, want %s", fails, tt.fails)
			}
			if tt.fails == "" && got != tt.want {
				t.Errorf("bound %+v, want %+v", got, tt.want)
			}
		})
	}
	if _, got := into[struct{}]()(t, with("Cookie", "a b")); got != "" {
		t.Errorf("an operation without cookies looks at them: %s", got)
	}
}

// odd is a number that checks itself.
type odd int

var errLost = errors.New("the connection is lost")

func (o odd) Validate(context.Context) error {
	if o == 13 {
		return errLost
	}
	if o%2 == 0 {
		return problem.Fault{Code: "odd", Message: "must be odd"}
	}
	return nil
}

func TestParametersThatCheckThemselves(t *testing.T) {
	t.Parallel()
	type input struct {
		N    tenon.Opt[odd]   `query:"n" maximum:"100"`
		List tenon.Opt[[]odd] `query:"list"`
	}
	for query, want := range map[string]string{
		"n=1&list=3":                  "",
		"n=2":                         "query/n odd",
		"n=102":                       "query/n maximum",
		"list=1&list=4&list=x&list=6": "query/list/1 odd|query/list/2 type|query/list/3 odd",
		"n=13":                        "error: " + errLost.Error(),
		"list=13":                     "error: " + errLost.Error(),
	} {
		if _, got := into[input]()(t, get(query)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestFaultsOfAllSourcesComeTogether(t *testing.T) {
	t.Parallel()
	type input struct {
		ID    int    `path:"id"`
		Page  int    `query:"page"`
		Agent string `header:"User-Agent"`
		Theme string `cookie:"theme"`
	}
	_, got := into[input]("id")(t, get("page=x"), "x")
	if want := "path/id type|query/page type|header/User-Agent required|cookie/theme required"; got != want {
		t.Errorf("faults %s, want %s", got, want)
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	type point struct{ X int }
	type plain struct {
		ID int `path:"id"`
	}
	type body struct {
		Body point `body:""`
	}
	for _, tt := range []struct {
		name string
		in   reflect.Type
		path []string
		want string
	}{
		{"a wildcard without a field", reflect.TypeFor[plain](), []string{"id", "name"}, `no field takes the wildcard {name}; add one tagged path:"name"`},
		{"a wildcard without any parameter", reflect.TypeFor[body](), []string{"id"}, "no field takes the wildcard {id}"},
		{"a wildcard and a JSON body", reflect.TypeFor[point](), []string{"id"}, "no field takes the wildcard {id}"},
		{"a field without a wildcard", reflect.TypeFor[plain](), nil, "field ID: the path has no wildcard {id}"},
		{"an Opt in the path", field[tenon.Opt[int]](`path:"id"`), []string{"id"}, "a path parameter is always present: use int, not"},
		{"a pointer in the path", field[*int](`path:"id"`), []string{"id"}, "a path parameter is always present"},
		{"a Null in the path", field[tenon.Null[int]](`path:"id"`), []string{"id"}, "a path parameter is always present"},
		{"a default in the path", field[int](`path:"id" default:"1"`), []string{"id"}, "so it has no default"},
		{"a list in the path", field[[]int](`path:"id"`), []string{"id"}, "a path parameter holds one value, not []int"},
		{"a list in a cookie", field[[]int](`cookie:"c"`), nil, "a cookie holds one value"},
		{"a header that no request can have", field[int](`header:"X:A"`), nil, `"X:A" is not the name of a header`},
		{"a cookie that no request can have", field[int](`cookie:"a;b"`), nil, `"a;b" is not the name of a cookie`},
		{"a struct", field[point](`query:"p"`), nil, "has no text form for a query parameter; take it from the body, or give it UnmarshalText"},
		{"a map", field[map[string]int](`header:"X-P"`), nil, "has no text form for a header parameter"},
		{"an array", field[[2]int](`query:"p"`), nil, "use a slice with minItems and maxItems"},
		{"a list of lists", field[[][]int](`query:"p"`), nil, "has items without a text form"},
		{"a list of structs", field[[]point](`query:"p"`), nil, "has items without a text form"},
		{"a read-only parameter", field[int](`query:"p" readOnly:"true"`), nil, "readOnly and writeOnly are for members of a body"},
		{"a word that does not suit", field[int](`query:"p" minLength:"1"`), nil, "field V: tag minLength is for strings, not for int"},
		{"a word that does not suit the items", field[[]int](`query:"p" minLength:"1"`), nil, "field V: tag minLength is for strings, not for int"},
		{"a default that breaks a rule", field[int](`query:"p" minimum:"1" default:"0"`), nil, `field V: tag default: "0" breaks minimum`},
		{"a default whose item breaks a rule", field[[]int](`query:"p" minimum:"1" default:"0"`), nil, `field V: tag default: "0" breaks minimum at /0`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			typ, errs := shape.NewReader().Read(tt.in)
			if errs != nil {
				t.Fatal(errs)
			}
			_, errs = bind.Compile(typ, tt.path, validate.Builtin(), bind.Limits{})
			if len(errs) != 1 || !strings.Contains(errs[0].Error(), tt.want) {
				t.Errorf("Compile = %v, want one fault with %q", errs, tt.want)
			}
		})
	}
}

// field is an input with one field V.
func field[T any](tag reflect.StructTag) reflect.Type {
	return reflect.StructOf([]reflect.StructField{{Name: "V", Type: reflect.TypeFor[T](), Tag: tag}})
}

func boundDynamic(t *testing.T, typ reflect.Type, r *http.Request) (reflect.Value, string) {
	t.Helper()
	read, errs := shape.NewReader().Read(typ)
	if errs != nil {
		t.Fatal(errs)
	}
	p, errs := bind.Compile(read, nil, validate.Builtin(), bind.Limits{})
	if errs != nil {
		t.Fatal(errs)
	}
	v := reflect.New(typ).Elem()
	var f validate.Faults
	if err := p.Bind(r, nil, v, nil, &f); err != nil {
		t.Fatal(err)
	}
	lines := make([]string, 0, f.Len())
	for _, fault := range f.List {
		lines = append(lines, fault.In+fault.Pointer+" "+fault.Code)
	}
	return v, strings.Join(lines, "|")
}
