package encode_test

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
)

var errText = errors.New("no text today")

type mute struct{}

func (mute) MarshalText() ([]byte, error) { return []byte("half"), errText }

type same struct{ n int }

func (same) MarshalText() ([]byte, error) { return []byte("same"), nil }

type ring struct {
	Name string `json:"name"`
	Next *ring  `json:"next"`
}

type deep []deep

func TestAppendErrors(t *testing.T) {
	t.Parallel()
	cycle := &ring{Name: "a"}
	cycle.Next = cycle
	self := deep{nil}
	self[0] = self
	for _, tt := range []struct {
		name string
		run  func(testing.TB) (string, error)
		want string // in the error
	}{
		{"not a number", of(box[float64]{math.NaN()}), "encode Value: the number is not finite"},
		{"infinity", of(box[float32]{float32(math.Inf(-1))}), "encode Value: the number is not finite"},
		{"invalid UTF-8", of(box[[]string]{[]string{"ok", "secret\xff"}}), "encode Value[1]: the text is not valid UTF-8"},
		{"a lone surrogate", of("\xed\xa0\x80"), "the text is not valid UTF-8"},
		{"invalid UTF-8 in a key", of(map[string]int{"\xff": 1}), "encode [key]: the text is not valid UTF-8"},
		{"a year of five digits", of(box[time.Time]{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}), "encode Value: the year is outside of 0 to 9999"},
		{"a year before 0", of(time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)), "the year is outside of 0 to 9999"},
		{"a method that fails", of(box[map[string]mute]{map[string]mute{"a": {}}}), "encode Value[value]: no text today"},
		{"own JSON that is none", of(raw{"{"}), "EOF"},
		{"own JSON with a member twice", of(raw{`{"a":1,"a":2}`}), "duplicate"},
		{"keys that are written alike", of(map[same]int{{1}: 1, {2}: 2}), "two keys of the map are written alike"},
		{"a value that contains itself", of(cycle), "nested more than 1000 deep, or a value contains itself"},
		{"a slice that contains itself", of(self), "nested more than 1000 deep, or a value contains itself"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.run(t)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if got != "" {
				t.Errorf("half-written: %q", got)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the value is in the error %q", err)
			}
		})
	}
}

func TestAppendErrorsKeepTheirCause(t *testing.T) {
	t.Parallel()
	if _, err := written(t, box[mute]{}); !errors.Is(err, errText) {
		t.Errorf("%v does not wrap the error of MarshalText", err)
	}
}

type hash struct{}

func (hash) NeverEncode() {}

type owner struct {
	Name string `json:"name"`
	Hash hash   `json:"hash"`
}

type house struct {
	Owners map[string][]*owner `json:"owners"`
	Rooms  []box[tenon.Null[tenon.Secret]]
}

type token struct {
	Text string `json:"text"`
}

func (*token) NeverEncode() {}

type refresh struct {
	Again string `json:"again"`
}

func (refresh) NeverEncode() {}

// session has two methods NeverEncode at one depth, so it has none itself.
type session struct {
	token
	refresh
}

type entry struct {
	Password hash `json:"password" writeOnly:"true"`
}

type secrets struct {
	House  box[house]     `json:"house"`
	Again  *house         `json:"again"`
	Hidden hash           `json:"-"`
	Entry  entry          `json:"entry"`
	Keys   map[onlyIn]int `json:"keys"`
}

type onlyIn struct{}

func (*onlyIn) UnmarshalText([]byte) error { return nil }

type onlyInJSON struct{}

func (*onlyInJSON) UnmarshalJSON([]byte) error { return nil }

type sourced struct {
	Inner struct {
		ID string `path:"id"`
	} `json:"inner"`
}

func TestCompileFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		typ  reflect.Type
		want []string
	}{
		{"secrets, however deep, and keys that are only read", reflect.TypeFor[secrets](), []string{
			`output encode_test.secrets: House.Value.Owners[][].Hash is a secret and would be sent (type encode_test.hash has the method NeverEncode); leave it out, or tag it writeOnly:"true"`,
			`output encode_test.secrets: House.Value.Rooms[].Value is a secret and would be sent (type tenon.Secret has the method NeverEncode); leave it out, or tag it writeOnly:"true"`,
			`output encode_test.secrets: Keys[key] cannot be encoded: encode_test.onlyIn has UnmarshalText, but no MarshalText`,
		}},
		{"a secret itself", reflect.TypeFor[*hash](), []string{
			`output *encode_test.hash: is a secret and would be sent (type encode_test.hash has the method NeverEncode); leave it out, or tag it writeOnly:"true"`,
		}},
		{"an embedded secret", reflect.TypeFor[session](), []string{
			`output encode_test.session: token.Text belongs to a secret and would be sent (embedded type encode_test.token has the method NeverEncode)`,
			`output encode_test.session: refresh.Again belongs to a secret and would be sent (embedded type encode_test.refresh has the method NeverEncode)`,
		}},
		{"JSON that is only read", reflect.TypeFor[box[onlyInJSON]](), []string{
			`output encode_test.box[github.com/tenon-go/tenon/internal/encode_test.onlyInJSON]: Value cannot be encoded: encode_test.onlyInJSON has a method to unmarshal JSON, but none to marshal it`,
		}},
		{"an interface", reflect.TypeFor[box[interface{ MarshalText() ([]byte, error) }]](), []string{
			`output encode_test.box[interface { MarshalText() ([]uint8, error) }]: Value cannot be encoded: interface { MarshalText() ([]uint8, error) } is an interface`,
		}},
		{"a source within an object", reflect.TypeFor[sourced](), []string{
			`output encode_test.sourced: Inner.ID has the source path, but stands within a JSON object`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			typ, _ := shape.NewReader().Read(tt.typ)
			enc, faults := encode.Compile(typ)
			got := make([]string, len(faults))
			for i, f := range faults {
				got[i] = f.Error()
			}
			if enc != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("faults\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}
