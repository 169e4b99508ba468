package codec //nolint:testpackage // it counts what is looked through, which is not told

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
)

type shell struct {
	_    struct{} `discriminator:"kind"`
	Full *full    `variant:"full"`
}

type full struct {
	In    []shell `json:"in" maxItems:"100000"`
	Other *shell  `json:"other"`
	Words []int   `json:"words" maxItems:"100000"`
}

// nested are shells inside each other, each with its discriminator at the end, around a list of words.
func nested(depth, words int) string {
	text := fmt.Sprintf(`{"in":[],"words":[%s0],"other":null,"kind":"full"}`, strings.Repeat("1,", words))
	for range depth {
		text = `{"words":[],"in":[],"other":` + text + `,"kind":"full"}`
	}
	return text
}

// looked decodes a body and returns how many bytes were looked through for discriminators.
func looked(t *testing.T, body string) int {
	t.Helper()
	typ, faults := shape.NewReader().Read(reflect.TypeFor[shell]())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	p, faults := Compile(typ, tag.Rules{}, validate.Builtin(), Limits{Depth: 64})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var s state
	var found validate.Faults
	var v shell
	s.start(context.Background(), []byte(body), &found, p.limits)
	if !p.root.decode(&s, reflect.ValueOf(&v).Elem()) || !s.in.end() || found.Len() > 0 {
		t.Fatalf("%v %v", s.err, found.List)
	}
	return s.in.looked
}

// TestUnionsLookThroughABodyOnce counts the work of late discriminators: it grows with the body, not with the levels of it.
func TestUnionsLookThroughABodyOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, body string }{
		{"one level", nested(0, 10_000)},
		{"thirty levels around a large list", nested(30, 10_000)},
		{"sixty levels", nested(60, 10)},
		{"many beside each other", `{"words":[],"other":null,"in":[` + strings.Repeat(nested(3, 3)+",", 500) + nested(0, 1) + `],"kind":"full"}`},
		{"lists in lists", strings.Repeat(`{"words":[],"other":null,"in":[`, 28) + nested(0, 5000) + strings.Repeat(`],"kind":"full"}`, 28)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if n := looked(t, tt.body); n > 2*len(tt.body) {
				t.Errorf("%d bytes were looked through for a body of %d, want twice as many at most", n, len(tt.body))
			}
		})
	}
}

// BenchmarkLateDiscriminators decodes a body of which each level tells its form last.
func BenchmarkLateDiscriminators(b *testing.B) {
	typ, _ := shape.NewReader().Read(reflect.TypeFor[shell]())
	p, _ := Compile(typ, tag.Rules{}, validate.Builtin(), Limits{Depth: 64})
	for _, depth := range []int{1, 10, 30} {
		body := []byte(nested(depth, 10_000))
		b.Run(fmt.Sprintf("levels=%d", depth), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				var v shell
				var found validate.Faults
				if err := p.Decode(context.Background(), body, reflect.ValueOf(&v).Elem(), &found); err != nil || found.Len() > 0 {
					b.Fatal(err, found.List)
				}
			}
		})
	}
}
