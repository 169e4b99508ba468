package bind_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// span is an object that checks itself.
type span struct {
	From int                   `json:"from" default:"1" minimum:"0"`
	To   int                   `json:"to"`
	Name tenon.Opt[string]     `json:"na/me" maxLength:"3"`
	Max  *float64              `json:"max"`
	On   tenon.Opt[tenon.Date] `json:"on"`
}

func (s *span) Validate(context.Context) error {
	if s.To < s.From {
		return problem.Fault{Pointer: "to", Code: "order", Message: "must not be before from"}
	}
	return nil
}

type word string

func (w word) Validate(context.Context) error {
	switch w {
	case "lost":
		return errLost
	case "bad":
		return problem.Fault{Code: "bad", Message: "is bad"}
	}
	return nil
}

type color string

func (color) Enum() []color { return []color{"red", "blue"} }

type hints struct {
	_ struct{}          `additionalProperties:"true"`
	A tenon.Opt[string] `json:"a"`
}

type styled struct {
	IDs    []int8                     `query:"id"    explode:"false" default:"7,8" minimum:"1" maxItems:"3"`
	Words  tenon.Opt[[]string]        `query:"word"  explode:"false"`
	Spaced tenon.Opt[[]string]        `query:"sp"    style:"spaceDelimited" uniqueItems:"true"`
	Piped  *[]int                     `query:"pi"    style:"pipeDelimited" explode:"false"`
	Span   tenon.Opt[span]            `query:"span"  style:"deepObject"`
	Hints  hints                      `query:"hint"  style:"deepObject"`
	Free   map[string]word            `query:"free"  style:"deepObject" maxItems:"2" minLength:"2"`
	Colors tenon.Opt[map[color]int16] `query:"color" style:"deepObject"`
}

func TestStyles(t *testing.T) {
	t.Parallel()
	fine := styled{IDs: []int8{7, 8}, Free: map[string]word{}}
	but := func(change func(*styled)) styled {
		s := fine
		change(&s)
		return s
	}
	for _, tt := range []struct {
		name, query string
		want        styled
	}{
		{"nothing is the defaults, and objects without members", "", fine},
		{"commas", "id=1,2,3", but(func(s *styled) { s.IDs = []int8{1, 2, 3} })},
		{"one item", "id=1", but(func(s *styled) { s.IDs = []int8{1} })},
		{"no value is no item", "id=&word=&sp=&pi=", but(func(s *styled) {
			s.IDs, s.Words, s.Spaced, s.Piped = []int8{}, tenon.Some([]string{}), tenon.Some([]string{}), new([]int{})
		})},
		{"an escaped comma belongs to the item", "word=a%2Cb,c+d,%C3%A4", but(func(s *styled) { s.Words = tenon.Some([]string{"a,b", "c d", "ä"}) })},
		{"an empty item is an item", "word=,a,", but(func(s *styled) { s.Words = tenon.Some([]string{"", "a", ""}) })},
		{"spaces in either form", "sp=a%20b+c,d", but(func(s *styled) { s.Spaced = tenon.Some([]string{"a", "b", "c,d"}) })},
		{"bars in either form", "pi=1|2%7C3", but(func(s *styled) { s.Piped = new([]int{1, 2, 3}) })},
		{"an object", "span[to]=4&span[from]=2&span[na/me]=x", but(func(s *styled) { s.Span = tenon.Some(span{From: 2, To: 4, Name: tenon.Some("x")}) })},
		{"brackets that are escaped", "span%5Bto%5D=4", but(func(s *styled) { s.Span = tenon.Some(span{From: 1, To: 4}) })},
		{"an object that allows unknown members", "hint[a]=1&hint[b]=2", but(func(s *styled) { s.Hints.A = tenon.Some("1") })},
		{"a map", "free[x]=ab&free[%5E]=cd", but(func(s *styled) { s.Free = map[string]word{"x": "ab", "^": "cd"} })},
		{"a map with keys of an enum", "color[red]=-3", but(func(s *styled) { s.Colors = tenon.Some(map[color]int16{"red": -3}) })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, faults := into[styled]()(t, get(tt.query))
			if faults != "" || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("bound %+v, %s, want %+v", got, faults, tt.want)
			}
		})
	}
}

func TestStyleFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, query, want string }{
		{"a list given twice", "id=1&id=2&id=3", "query/id duplicate"},
		{"broken items", "id=1,x,0", "query/id/1 type|query/id/2 minimum"},
		{"an empty item is no number", "id=1,,2", "query/id/1 type"},
		{"an escaped comma does not separate", "id=1%2C2", "query/id/0 type"},
		{"too many items", "id=" + strings.Repeat("1,", 100) + "1", "query/id maxItems"},
		{"too many items where no number is declared", "word=" + strings.Repeat("a,", 100) + "a", "query/word maxItems"},
		{"repeated items", "sp=a+a", "query/sp uniqueItems"},
		{"bars that are commas", "pi=1,2", "query/pi/0 type"},
		{"an object without a member it needs", "span[from]=2", "query/span/to required"},
		{"an unknown member", "span[to]=4&span[x/y]=1&span[x/y]=2", "query/span/x~1y unknown"},
		{"long names are clipped", "span[to]=4&span[" + strings.Repeat("b", 65) + "]=1", "query/span/" + strings.Repeat("b", 64) + "… unknown"},
		{"a long name in a map is clipped", "free[" + strings.Repeat("b", 65) + "]=b", "query/free/" + strings.Repeat("b", 64) + "… minLength"},
		{"a member given twice", "span[to]=4&span[to]=5&span[to]=6", "query/span/to duplicate"},
		{"broken members", "span[to]=x&span[na/me]=long&span[max]=1e999&span[on]=no", "query/span/to type|query/span/na~1me maxLength|query/span/max range|query/span/on format"},
		{"an object that refuses itself", "span[to]=0", "query/span/to order"},
		{"nesting", "span[to][x]=4&span[to][x]=4", "query/span format"},
		{"no brackets", "span=4", "query/span format"},
		{"no closing bracket", "span[to=4", "query/span format"},
		{"text behind the bracket", "span[to]x=4", "query/span format"},
		{"a name without letters", "free[]=ab", "query/free format"},
		{"an object that is none", "sp[a]=4", "query/sp[a] unknown"},
		{"an unknown object", "foo[a]=4", "query/foo[a] unknown"},
		{"a map with too many members", "free[a]=ab&free[b]=ab&free[c]=ab", "query/free maxProperties"},
		{"a member of a map given twice", "free[a]=ab&free[a]=ab", "query/free/a duplicate"},
		{"broken values of a map", "free[a]=b&free[b]=bad", "query/free/a minLength|query/free/b bad"},
		{"a key that is not in the enum", "color[green]=1&color[red]=99999", "query/color/green enum|query/color/red range"},
		{"an error of a check", "free[a]=lost", "error: " + errLost.Error()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, got := into[styled]()(t, get(tt.query)); got != tt.want {
				t.Errorf("faults %s, want %s", got, tt.want)
			}
		})
	}
}

func TestObjectsThatMustCome(t *testing.T) {
	t.Parallel()
	type input struct {
		Span span           `query:"span" style:"deepObject"`
		Free map[string]int `query:"free" style:"deepObject" minItems:"1"`
	}
	if _, got := into[input]()(t, get("")); got != "query/span required|query/free required" {
		t.Errorf("faults %s", got)
	}
	if _, got := into[input]()(t, get("span[to]=1&free[a]=1")); got != "" {
		t.Errorf("faults %s", got)
	}
}

func TestUnknownObjectsMayPass(t *testing.T) {
	t.Parallel()
	p := plan[styled](t, bind.Limits{})
	p.AllowUnknownQuery = true
	if _, got := bound[styled](t, p, get("foo[a]=4&span[to]=4&span[x]=1")); got != "query/span/x unknown" {
		t.Errorf("faults %s", got)
	}
}

func TestCompileRefusesStyles(t *testing.T) {
	t.Parallel()
	type point struct{ X int }
	type tree struct{ Inner point }
	type served struct {
		ID int `json:"id" readOnly:"true"`
	}
	type bracket struct {
		A int `json:"a[b]"`
	}
	type overlapping struct {
		P tenon.Opt[point] `query:"p" style:"deepObject"`
		X tenon.Opt[int]   `query:"p[X]"`
	}
	for _, tt := range []struct {
		name string
		in   reflect.Type
		want string
	}{
		{"a style that is none", field[[]int](`query:"p" style:"matrix"`), `tag style: "matrix" is not spaceDelimited, pipeDelimited or deepObject`},
		{"explode that says nothing", field[[]int](`query:"p" explode:"true"`), `tag explode: "true" is not "false"`},
		{"a misspelt word", field[[]int](`query:"p" stlye:"deepObject"`), "did you mean style?"},
		{"a scalar that is a list", field[int](`query:"p" explode:"false"`), "a list that is one value is a slice, not int"},
		{"a list that is an object", field[[]int](`query:"p" style:"deepObject"`), "style deepObject is for structs and maps, not for []int"},
		{"an object with commas", field[point](`query:"p" style:"deepObject" explode:"false"`), "explode is for lists"},
		{"a style in a header", field[[]int](`header:"P" explode:"false"`), "style and explode are for query parameters"},
		{"a style in a body", field[[]int](`json:"p" style:"pipeDelimited"`), "style and explode are for query parameters"},
		{"an object that is not flat", field[tree](`query:"p" style:"deepObject"`), "field Inner: bind_test.point has no text form; an object in the style deepObject is flat"},
		{"a list in an object", field[struct{ L []int }](`query:"p" style:"deepObject"`), "an object in the style deepObject is flat"},
		{"a map of lists", field[map[string][]int](`query:"p" style:"deepObject"`), "maps from strings to values with a text form"},
		{"a map of integers", field[map[int]int](`query:"p" style:"deepObject"`), "maps from strings to values with a text form"},
		{"an input in an input", field[overlapping](`query:"p" style:"deepObject"`), "wants a struct with members"},
		{"a member that only the service sets", field[served](`query:"p" style:"deepObject"`), "field ID: readOnly and writeOnly"},
		{"a name that cannot be in brackets", field[bracket](`query:"p" style:"deepObject"`), `the name "a[b]" of a member cannot stand in brackets`},
		{"names that overlap", reflect.TypeFor[overlapping](), "the query parameter p[X] is also a member of p"},
		{"the default of an object", field[point](`query:"p" style:"deepObject" default:"{}"`), "cannot be written in a tag"},
		{"a rule that does not suit", field[map[string]int](`query:"p" style:"deepObject" minLength:"1"`), "minLength is for strings"},
		{"dates in a list", field[[]time.Time](`header:"P"`), "an HTTP date holds a comma"},
		{"hiding what must be sent", field[int](`query:"p" hidden:"true"`), "a hidden parameter is one that clients can do without"},
		{"hiding a member", field[tenon.Opt[int]](`json:"p" hidden:"true"`), "hidden is for query, header and cookie parameters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			typ, errs := shape.NewReader().Read(tt.in)
			if errs == nil {
				_, errs = bind.Compile(typ, nil, validate.Builtin(), bind.Limits{})
			}
			if err := errors.Join(errs...); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Compile = %v, want a fault with %q", err, tt.want)
			}
		})
	}
}

func TestHTTPDates(t *testing.T) {
	t.Parallel()
	type input struct {
		Since time.Time                        `header:"Since" default:"Mon, 02 Jan 2006 15:04:05 GMT"`
		Until tenon.Opt[tenon.Null[time.Time]] `header:"Until"`
	}
	for line, want := range map[string]string{
		"Sun, 06 Nov 1994 08:49:37 GMT":  "",
		"Sunday, 06-Nov-94 08:49:37 GMT": "",
		"Sun Nov  6 08:49:37 1994":       "",
		"Mon, 06 Nov 1994 08:49:37 GMT":  "header/Until format", // it was a Sunday
		"Sun, 6 Nov 1994 08:49:37 GMT":   "header/Until format",
		"Sun, 06 Nov 1994 08:49:37 UTC":  "header/Until format",
		"sun, 06 nov 1994 08:49:37 GMT":  "header/Until format",
		"Thu, 31 Feb 2026 08:49:37 GMT":  "header/Until format",
		"1994-11-06T08:49:37Z":           "header/Until format",
		"":                               "header/Until format",
	} {
		got, faults := into[input]()(t, with("Until", line))
		if faults != want {
			t.Errorf("%s: faults %q, want %q", line, faults, want)
		}
		in, _ := got.(input)
		if moment := in.Until.Value.Value; want == "" && moment.Unix() != 784111777 {
			t.Errorf("%s is read as %v", line, moment)
		}
		if in.Since.Unix() != 1136214245 {
			t.Errorf("the default is %v", in.Since)
		}
	}
}
