package validate_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// span wants its ends in order, and shows each way to return faults.
type span struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	Note string `json:"a/b"`
}

var errDown = errors.New("the database is down")

func (s span) Validate(ctx context.Context) error {
	order := problem.Fault{Pointer: "/to", Code: "order", Message: "must not be before from"}
	switch s.From {
	case 0:
		return nil
	case 1:
		return order
	case 2:
		return errors.Join(order, fmt.Errorf("also: %w", problem.Fault{Message: "is wrong as a whole"}))
	case 3:
		return errors.Join(order, order)
	case 4:
		return problem.NotFound("no such span")
	case 5:
		return errors.Join(order, errDown)
	case 6:
		return fmt.Errorf("wrapped: %w", problem.New(problem.CodeConflict, ""))
	case 7:
		return &problem.Fault{Pointer: "to", Code: "order"}
	}
	return ctx.Err()
}

func TestCustom(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		value  span
		faults string
		err    error
	}{
		{"a value that is fine", span{}, "", nil},
		{"one fault", span{From: 1}, "body/items/0/to order: must not be before from", nil},
		{"several faults, wrapped or not", span{From: 2}, "body/items/0/to order: must not be before from|body/items/0 invalid: is wrong as a whole", nil},
		{"equal faults once", span{From: 3}, "body/items/0/to order: must not be before from", nil},
		{"a problem ends the request", span{From: 4}, "", problem.NotFound("")},
		{"so does any other error beside a fault", span{From: 5}, "", errDown},
		{"so does a wrapped problem", span{From: 6}, "", problem.New(problem.CodeConflict, "")},
		{"a pointer gets its slash", span{From: 7}, "body/items/0/to order: is not valid", nil},
		{"the context is handed on", span{From: 8}, "", context.Canceled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			f := validate.Faults{In: "body"}
			f.Push("items")
			f.PushIndex(0)
			err := validate.Custom(typeOf[span](t))(ctx, reflect.ValueOf(&tt.value).Elem(), &f)
			if !errors.Is(err, tt.err) || (tt.err == nil && err != nil) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			if got := strings.Join(said(&f), "|"); got != tt.faults {
				t.Errorf("faults %q, want %q", got, tt.faults)
			}
		})
	}
}

// picky needs one member only; lazy needs none.
type (
	picky struct {
		A int `json:"a"`
		B int `json:"b"`
	}
	lazy struct {
		A int `json:"a"`
	}
)

func (*picky) Validate(context.Context) error { return problem.Fault{Code: "ran"} }
func (*picky) ValidateNeeds() []string        { return []string{"a"} }
func (lazy) Validate(context.Context) error   { return problem.Fault{Code: "ran"} }
func (lazy) ValidateNeeds() []string          { return []string{} }

// word is a validated scalar, holder embeds two validated structs.
type (
	word   string
	holder struct {
		Early
		Late
	}
	Early struct {
		C int `json:"c"`
	}
	Late struct {
		D int `json:"d"`
	}
)

func (word) Validate(context.Context) error  { return problem.Fault{Code: "ran"} }
func (Early) Validate(context.Context) error { return problem.Fault{Pointer: "/c", Code: "ran"} }
func (Late) Validate(context.Context) error  { return problem.Fault{Pointer: "/d", Code: "ran"} }

func TestCustomRunsWhenItsNeedsAreMet(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		run   func(*testing.T, string) string
		fault string // a fault that is there already
		want  string // where the method reports
	}{
		{"all members are needed", runAt[span], "/x/from", ""},
		{"below a member counts", runAt[span], "/x/from/0", ""},
		{"a member's name is escaped", runAt[span], "/x/a~1b", ""},
		{"a fault of another value does not count", runAt[span], "/y/from", "/x/to"},
		{"nor does one whose name begins alike", runAt[span], "/x/from2", "/x/to"},
		{"nor an unknown member", runAt[span], "/x/unknown", "/x/to"},
		{"the value itself counts", runAt[span], "/x", ""},
		{"a member that is needed", runAt[picky], "/x/a", ""},
		{"a member that is not needed", runAt[picky], "/x/b", "/x"},
		{"no member is needed", runAt[lazy], "/x/a", "/x"},
		{"a scalar needs itself", runAt[word], "/x", ""},
		{"a scalar that is fine", runAt[word], "/y", "/x"},
		{"each embedded struct by itself", runAt[holder], "/x/c", "/x/d"},
		{"all embedded structs", runAt[holder], "/y", "/x/c /x/d"},
		{"a pointer to a value", runAt[*word], "/y", "/x"},
		{"an Opt of a value", runAt[tenon.Opt[word]], "/y", "/x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.run(t, tt.fault); got != tt.want {
				t.Errorf("reports at %q, want %q", got, tt.want)
			}
		})
	}
}

// runAt runs the checks of a T at /x beside a fault, and returns where they report.
func runAt[T any](t *testing.T, fault string) string {
	t.Helper()
	var v T
	switch p := any(&v).(type) {
	case *span:
		p.From = 1
	case **word:
		*p = new(word)
	case *tenon.Opt[word]:
		p.Set = true
	}
	f := validate.Faults{In: "body", List: []problem.Fault{{In: "body", Pointer: fault}}}
	f.Push("x")
	if err := validate.Custom(typeOf[T](t))(t.Context(), reflect.ValueOf(&v).Elem(), &f); err != nil {
		t.Fatal(err)
	}
	at := make([]string, 0, f.Len())
	for _, have := range f.List[1:] {
		at = append(at, have.Pointer)
	}
	return strings.Join(at, " ")
}

func TestCustomIsNilWithoutMethods(t *testing.T) {
	t.Parallel()
	if validate.Custom(typeOf[int](t)) != nil || validate.Custom(typeOf[tenon.Opt[color]](t)) != nil {
		t.Error("there is a check for types without Validate")
	}
}

func TestCustomPassesOverWhatIsAbsent(t *testing.T) {
	t.Parallel()
	var v struct {
		P *word
		O tenon.Opt[word]
		N tenon.Null[word]
	}
	var f validate.Faults
	at := reflect.ValueOf(&v).Elem()
	for i, check := range []func(context.Context, reflect.Value, *validate.Faults) error{
		validate.Custom(typeOf[*word](t)), validate.Custom(typeOf[tenon.Opt[word]](t)), validate.Custom(typeOf[tenon.Null[word]](t)),
	} {
		if err := check(t.Context(), at.Field(i), &f); err != nil || f.Len() > 0 {
			t.Errorf("%s is validated although it is absent: %v, %q", at.Field(i).Type(), err, said(&f))
		}
	}
}

// order is an input of several sources.
type order struct {
	Size int  `query:"size"`
	Body span `body:""`
}

func (o *order) Validate(context.Context) error {
	return errors.Join(
		problem.Fault{Pointer: "/size", Code: "a"},
		problem.Fault{Pointer: "/Body/to", Code: "b"},
		problem.Fault{In: "header", Pointer: "/X", Code: "c"},
	)
}

func TestCustomLocatesFaultsOfAnInput(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault problem.Fault
		want  string
	}{
		{"without faults", problem.Fault{In: "query", Pointer: "/page"}, "query/size a: is not valid|body/to b: is not valid|header/X c: is not valid"},
		{"with a fault of a parameter", problem.Fault{In: "query", Pointer: "/size"}, ""},
		{"with a fault of a parameter of that name elsewhere", problem.Fault{In: "header", Pointer: "/size"}, "query/size a: is not valid|body/to b: is not valid|header/X c: is not valid"},
		{"with a fault in the body", problem.Fault{In: "body", Pointer: "/from"}, ""},
		{"with a fault of the whole body", problem.Fault{In: "body"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := validate.Faults{List: []problem.Fault{tt.fault}}
			var in order
			if err := validate.Custom(typeOf[order](t))(t.Context(), reflect.ValueOf(&in).Elem(), &f); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(said(&f)[1:], "|"); got != tt.want {
				t.Errorf("faults %q, want %q", got, tt.want)
			}
		})
	}
}
