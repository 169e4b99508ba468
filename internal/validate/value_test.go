package validate_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// form is a union, and tree holds itself.
type (
	form struct {
		_     string  `discriminator:"kind"`
		Round *circle `variant:"circle"`
	}
	circle struct {
		Radius float64 `json:"radius" exclusiveMinimum:"0"`
	}
	tree struct {
		Size     int    `json:"size" maximum:"9"`
		Children []tree `json:"children" maxItems:"2"`
	}
	made struct {
		ID       int64             `json:"id" minimum:"1" readOnly:"true"`
		Name     string            `json:"name" transform:"trim" minLength:"2" maxLength:"4"`
		Maybe    tenon.Opt[string] `json:"maybe" minLength:"2"`
		Null     tenon.Null[int]   `json:"null" minimum:"3"`
		Pointer  *uint             `json:"pointer" maximum:"5"`
		Tags     []string          `json:"tags" maxItems:"2" uniqueItems:"true" pattern:"^[a-z]+$"`
		Limits   map[string]int    `json:"limits" maximum:"7"`
		Form     form              `json:"form"`
		Tree     tree              `json:"tree"`
		At       time.Time         `json:"at"`
		Wait     time.Duration     `json:"wait" maxLength:"5"`
		Data     []byte            `json:"data" maxLength:"4"`
		Date     tenon.Date        `json:"date" enum:"2026-01-01"`
		Password tenon.Secret      `json:"password" minLength:"3"`
		Own      even              `json:"own"`
	}
	even int
)

var errOdd = errors.New("the judge is away")

func (e even) Validate(context.Context) error {
	switch {
	case e == 13:
		return errOdd
	case e%2 != 0:
		return problem.Fault{Code: "odd", Message: "must be even"}
	}
	return nil
}

func dateOf(t *testing.T, text string) (d tenon.Date) {
	t.Helper()
	if err := d.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestValuesAreHeldAgainstTheirRules(t *testing.T) {
	t.Parallel()
	typ := typeOf[made](t)
	judge, faults := validate.Value(typ, tag.Rules{}, validate.Builtin())
	if faults != nil {
		t.Fatal(faults)
	}
	six := uint(6)
	for _, tt := range []struct {
		name   string
		change func(*made)
		want   string // pointer and code of each fault
	}{
		{"a value that keeps all of them", func(*made) {}, ""},
		{"a text that is short once it is trimmed", func(m *made) { m.Name = "  a  " }, "/name minLength"},
		{"a character that no text has", func(m *made) { m.Name = "a\x00b" }, "/name nul"},
		{"an Opt that is set", func(m *made) { m.Maybe = tenon.Opt[string]{Value: "a", Set: true} }, "/maybe minLength"},
		{"a Null that is not null", func(m *made) { m.Null = tenon.Null[int]{Value: 1, Valid: true} }, "/null minimum"},
		{"what a pointer points to", func(m *made) { m.Pointer = &six }, "/pointer maximum"},
		{"the number of items and each of them", func(m *made) { m.Tags = []string{"a", "b", "C"} }, "/tags maxItems /tags/2 pattern"},
		{"items that are equal", func(m *made) { m.Tags = []string{"a", "a"} }, "/tags uniqueItems"},
		{"the members of a map", func(m *made) { m.Limits = map[string]int{"a/b": 8} }, "/limits/a~1b maximum"},
		{"the form of a union", func(m *made) { m.Form.Round.Radius = 0 }, "/form/radius exclusiveMinimum"},
		{"a type within itself", func(m *made) { m.Tree.Children = []tree{{}, {Children: []tree{{Size: 10}}}} }, "/tree/children/1/children/0/size maximum"},
		{"the text of a duration", func(m *made) { m.Wait = time.Hour + time.Minute }, "/wait maxLength"},
		{"the text of bytes", func(m *made) { m.Data = []byte("abcd") }, "/data maxLength"},
		{"a type that writes its text", func(m *made) { m.Date = dateOf(t, "2026-01-02") }, "/date enum"},
		{"a secret", func(m *made) { m.Password = tenon.NewSecret("x") }, "/password minLength"},
		{"a type that validates itself", func(m *made) { m.Own = 3 }, "/own odd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := made{Name: " abc ", Form: form{Round: &circle{1}}, Date: dateOf(t, "2026-01-01"), Password: tenon.NewSecret("abc")}
			tt.change(&m)
			f := validate.Faults{In: "body"}
			if err := judge(t.Context(), reflect.ValueOf(&m).Elem(), &f); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, fault := range f.List {
				got = append(got, fault.Pointer+" "+fault.Code)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("faults %q, want %q", got, tt.want)
			}
			if tt.want == "" && m.Name != "abc" {
				t.Errorf("the transform leaves %q", m.Name)
			}
		})
	}
}

func TestValuesThatCannotBeJudged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		value made
		words string
	}{
		{"a union without a form", made{}, "has none of its forms"},
		{"a type that cannot write its text", made{Form: form{Round: &circle{1}}}, "does not write its text"},
		{"a Validate that fails", made{Form: form{Round: &circle{1}}, Date: dateOf(t, "2026-01-01"), Own: 13}, errOdd.Error()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			judge, faults := validate.Value(typeOf[made](t), tag.Rules{}, validate.Builtin())
			if faults != nil {
				t.Fatal(faults)
			}
			err := judge(t.Context(), reflect.ValueOf(&tt.value).Elem(), &validate.Faults{})
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("error %v, want one with %q", err, tt.words)
			}
		})
	}
}
