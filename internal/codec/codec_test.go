package codec_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// plan compiles T.
func plan[T any](t testing.TB, lim codec.Limits) *codec.Plan {
	t.Helper()
	return ruledPlan[T](t, tag.Rules{}, lim)
}

func ruledPlan[T any](t testing.TB, r tag.Rules, lim codec.Limits) *codec.Plan {
	t.Helper()
	typ := reflect.TypeFor[T]()
	shaped, errs := shape.NewReader().Read(typ)
	if len(errs) > 0 {
		t.Fatalf("shape of %s: %v", typ, errs)
	}
	p, errs := codec.Compile(shaped, r, validate.Builtin(), lim)
	if len(errs) > 0 {
		t.Fatalf("plan of %s: %v", typ, errs)
	}
	return p
}

// decode reads body by p. The faults are written as "pointer code", joined by ", "; an error as what it says.
func decode[T any](t testing.TB, p *codec.Plan, body string) (value T, faults string) {
	t.Helper()
	var f validate.Faults
	err := p.Decode(context.Background(), []byte(body), reflect.ValueOf(&value).Elem(), &f)
	if f.Pointer() != "" {
		t.Errorf("the path is left at %q", f.Pointer())
	}
	if err != nil {
		return value, "error: " + brief(err)
	}
	return value, codes(f.List)
}

func codes(list []problem.Fault) string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.Pointer + " " + f.Code
		if f.In != "body" {
			out[i] = "in " + f.In + " " + out[i]
		}
	}
	return strings.Join(out, ", ")
}

// brief writes a refusal as "pointer message".
func brief(err error) string {
	p, ok := errors.AsType[*problem.Error](err)
	if !ok || p.Code() != string(problem.CodeBadRequest) || len(p.Faults()) != 1 {
		return err.Error()
	}
	f := p.Faults()[0]
	if f.In != "body" || f.Code != "json" {
		return "not a fault of the body: " + f.Error()
	}
	return f.Pointer + " " + f.Message
}

// accepts and refuses run one table of a type: body, and the value in Go's own form or the faults.
func accepts[T any](t *testing.T, cases map[string]T) {
	t.Helper()
	p := plan[T](t, codec.Limits{})
	for body, want := range cases {
		t.Run(name(body), func(t *testing.T) {
			t.Parallel()
			got, faults := decode[T](t, p, body)
			if faults != "" || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %#v and %q, want %#v", body, got, faults, want)
			}
		})
	}
}

func refuses[T any](t *testing.T, cases map[string]string) {
	t.Helper()
	p := plan[T](t, codec.Limits{})
	for body, want := range cases {
		t.Run(name(body), func(t *testing.T) {
			t.Parallel()
			if _, faults := decode[T](t, p, body); faults != want {
				t.Errorf("%s: got %q, want %q", body, faults, want)
			}
		})
	}
}

func name(body string) string {
	if len(body) > 40 {
		body = body[:40] + fmt.Sprint("…", len(body))
	}
	return body
}

func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	refuses[user](t, map[string]string{
		`{"name":"","email":"x","age":0}`:         "/name minLength, /email format, /age minimum",
		`{"name":7,"email":null,"age":"36"}`:      "/name type, /email null, /age type",
		`{}`:                                      "/name required, /email required, /age required",
		`{"age":1.5,"nick":{"a":[1]},"name":"a"}`: "/age type, /nick unknown, /email required",
		`{"name":"a","name":"b","email":"a@b.co","age":1,"age":[2]}`: "/name duplicate, /age duplicate",
		`{"NAME":"a","Email":"b","age":1}`:                           "/NAME unknown, /Email unknown, /name required, /email required",
		`{"name":"a\u0000","email":"a@b.co","age":150}`:              "/name nul, /age maximum",
		`[]`:   " type",
		`null`: " null",
		`"x"`:  " type",
		`{"name":"` + strings.Repeat("é", 101) + `","email":"a@b.co","age":1}`: "/name maxLength",
	})
	got, faults := decode[user](t, plan[user](t, codec.Limits{}), " {\n\"age\" : 36 ,\t\"email\":\"ada\\u0040b.co\",\"n\\u0061me\":\"Ad\\u00e1\"}\r\n")
	if want := (user{"Adá", "ada@b.co", 36}); got != want || faults != "" {
		t.Errorf("got %+v and %q, want %+v", got, faults, want)
	}
	if _, faults := decode[order](t, plan[order](t, codec.Limits{}), orderBody()); faults != "" {
		t.Errorf("the order has faults: %s", faults)
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	p := plan[user](t, codec.Limits{})
	for body, want := range map[string]string{
		`{"NAME":"secret"}`:   "names are case sensitive, did you mean name?",
		`{"secret":"secret"}`: "is not a known member",
		`{"name":7}`:          "must be a string",
		`{"age":"secret"}`:    "must be an integer",
		`{"age":1e99}`:        "must be from 1 to 149",
	} {
		var f validate.Faults
		if err := p.Decode(context.Background(), []byte(body), reflect.ValueOf(new(user)).Elem(), &f); err != nil || f.Len() == 0 {
			t.Fatalf("%s: error %v, %d faults", body, err, f.Len())
		}
		if got := f.List[0].Message; !strings.Contains(got, want) || strings.Contains(got, "secret") {
			t.Errorf("%s: message %q, want %q in it", body, got, want)
		}
	}
}

func TestPointersAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 5000)
	for _, body := range []string{`{"` + long + `":1}`, `{"` + long + `":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`} {
		var f validate.Faults
		err := plan[user](t, codec.Limits{}).Decode(context.Background(), []byte(body), reflect.ValueOf(new(user)).Elem(), &f)
		if err != nil || f.Len() == 0 {
			t.Fatalf("error %v, %d faults", err, f.Len())
		}
		if want := "/" + strings.Repeat("ü", 64) + "…"; f.List[0].Pointer != want {
			t.Errorf("pointer %q, want %q", f.List[0].Pointer, want)
		}
	}
	var f validate.Faults
	body := `{"` + long + `":"x"}`
	if err := plan[map[string]int](t, codec.Limits{}).Decode(context.Background(), []byte(body), reflect.ValueOf(new(map[string]int)).Elem(), &f); err != nil {
		t.Fatal(err)
	}
	if f.Len() != 1 || len(f.List[0].Pointer) > 200 {
		t.Errorf("faults %v, want one with a short pointer", f.List)
	}
}

func TestStopsAfterAHundredFaults(t *testing.T) {
	t.Parallel()
	body := "[" + strings.Repeat(`"x",`, 500) + `"x"]`
	var f validate.Faults
	var dst []int
	if err := plan[[]int](t, codec.Limits{}).Decode(context.Background(), []byte(body), reflect.ValueOf(&dst).Elem(), &f); err != nil {
		t.Fatal(err)
	}
	if f.Len() != 100 || len(dst) != 100 {
		t.Errorf("%d faults and %d items, want 100 and 100", f.Len(), len(dst))
	}
}

func TestNothingRefersToTheBody(t *testing.T) {
	t.Parallel()
	type raw struct {
		Name  string         `json:"name"`
		Names map[string]int `json:"names"`
		Bytes []byte         `json:"bytes"`
		Raw   keeper         `json:"raw"`
	}
	body := []byte(`{"name":"abc","names":{"def":1},"bytes":"Z2hp","raw":"jkl"}`)
	var dst raw
	var f validate.Faults
	if err := plan[raw](t, codec.Limits{}).Decode(context.Background(), body, reflect.ValueOf(&dst).Elem(), &f); err != nil || f.Len() > 0 {
		t.Fatal(err, f.List)
	}
	for i := range body {
		body[i] = '!'
	}
	if dst.Name != "abc" || dst.Names["def"] != 1 || string(dst.Bytes) != "ghi" || string(dst.Raw.kept) != `"jkl"` {
		t.Errorf("after the body was overwritten: %+v", dst)
	}
}

// keeper keeps what it is given, which its documentation forbids.
type keeper struct{ kept []byte }

func (k *keeper) UnmarshalJSON(b []byte) error { k.kept = b; return nil }

func TestRulesOfTheWholeBody(t *testing.T) {
	t.Parallel()
	two, four := 2, 4
	p := ruledPlan[[]string](t, tag.Rules{MinItems: &two, MaxLength: &four, UniqueItems: true}, codec.Limits{})
	for body, want := range map[string]string{
		`["a","b"]`:         "",
		`["a"]`:             " minItems",
		`["a","a"]`:         " uniqueItems",
		`["abcde","abcd"]`:  "/0 maxLength",
		`["abcde","abcde"]`: "/0 maxLength, /1 maxLength",
	} {
		if _, faults := decode[[]string](t, p, body); faults != want {
			t.Errorf("%s: got %q, want %q", body, faults, want)
		}
	}
}

func TestCompileReportsAllFaults(t *testing.T) {
	t.Parallel()
	type tree []tree
	type bad struct {
		A int       `json:"a" minLength:"1"`
		B string    `json:"b" format:"nonsense"`
		C writeOnly `json:"c"`
		D tree      `json:"d" minItems:"1"`
		E int       `json:"e" minimum:"5" default:"1"`
		F halfText  `json:"f"`
	}
	shaped, errs := shape.NewReader().Read(reflect.TypeFor[bad]())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	_, errs = codec.Compile(shaped, tag.Rules{}, validate.Builtin(), codec.Limits{})
	for _, field := range []string{"bad.A", "bad.B", "bad.C", "bad.D", "bad.E", "bad.F"} {
		if !slices.ContainsFunc(errs, func(err error) bool { return strings.Contains(err.Error(), field+":") }) {
			t.Errorf("no fault names %s; faults: %v", field, errs)
		}
	}
	if _, errs = codec.Compile(shaped, tag.Rules{}, validate.Builtin(), codec.Limits{Depth: -1}); len(errs) == 0 {
		t.Error("a negative limit is accepted")
	}
}

type writeOnly struct{}

func (writeOnly) MarshalJSON() ([]byte, error) { return nil, nil }

type halfText struct{}

func (halfText) MarshalText() ([]byte, error) { return nil, nil }
