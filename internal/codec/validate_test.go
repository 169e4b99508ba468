package codec_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

type span struct {
	From int `json:"from" minimum:"0"`
	To   int `json:"to"`
}

var errDatabase = errors.New("the database is away")

func (s *span) Validate(ctx context.Context) error {
	if ctx.Value(ctxKey{}) != nil {
		return errDatabase
	}
	if s.From > s.To {
		return errors.Join(problem.Fault{Pointer: "/to", Code: "order", Message: "must not be before from"}, problem.Fault{Code: "span", Message: "is empty"})
	}
	return nil
}

type ctxKey struct{}

type word string

func (w word) Validate(context.Context) error {
	if w == "bad" {
		return problem.Fault{Code: "word", Message: "is not a good word"}
	}
	return nil
}

// Base is embedded, and validates itself.
type Base struct {
	A int `json:"a"`
}

func (b *Base) Validate(context.Context) error {
	if b.A == 13 {
		return problem.Fault{Pointer: "/a", Code: "unlucky", Message: "must not be 13"}
	}
	return nil
}

func TestValidateMethods(t *testing.T) {
	t.Parallel()
	type doc struct {
		Base
		Spans []span          `json:"spans"`
		Words map[string]word `json:"words"`
		One   *word           `json:"one"`
	}
	good := word("ok")
	accepts(t, map[string]doc{`{"a":1,"spans":[{"from":1,"to":2}],"words":{"x":"good"},"one":"ok"}`: {Base{1}, []span{{1, 2}}, map[string]word{"x": "good"}, &good}})
	refuses[doc](t, map[string]string{
		`{"a":13,"spans":[{"from":1,"to":2},{"from":2,"to":1}],"words":{"x":"bad","y":"good"},"one":"bad"}`: "/spans/1/to order, /spans/1 span, /words/x word, /one word, /a unlucky",
		`{"a":13,"spans":[{"from":-1,"to":-2}],"words":{"x":7},"one":null}`:                                 "/spans/0/from minimum, /words/x type, /a unlucky",
		`{"a":"13","spans":[{"from":5}],"words":{}}`:                                                        "/a type, /spans/0/to required",
	})
}

func TestAnErrorOfValidateEndsThePass(t *testing.T) {
	t.Parallel()
	var f validate.Faults
	ctx := context.WithValue(t.Context(), ctxKey{}, true)
	body := []byte(`[{"from":"x","to":1},{"from":1,"to":1},{"from":"x","to":1}]`)
	err := plan[[]span](t, codec.Limits{}).Decode(ctx, body, reflect.ValueOf(new([]span)).Elem(), &f)
	if !errors.Is(err, errDatabase) || codes(f.List) != "/0/from type" || f.Pointer() != "" {
		t.Errorf("error %v, faults %v, path %q", err, f.List, f.Pointer())
	}
}
