package shape_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/shape"
)

type (
	one struct {
		Deep struct{ Mid []map[string]talker }
		List anyList
		Part Part
	}
	two struct {
		Other talker
		C     *chan int
		Items []tenon.Opt[int]
		Up    *two
	}
	anyList []talker
	talker  interface{ Talk() }
)

func TestFaultsNameTheFieldOfEveryUser(t *testing.T) {
	t.Parallel()
	r := shape.NewReader()
	for _, tt := range []struct {
		typ  reflect.Type
		want []string
	}{
		{reflect.TypeFor[one](), []string{
			"type shape_test.one: field Deep.Mid[][]: shape_test.talker has no JSON form that can be described; use a union of structs, or any, or jsontext.Value for any JSON",
			"type shape_test.one: field List[]: shape_test.talker has no JSON form that can be described; use a union of structs, or any, or jsontext.Value for any JSON",
		}},
		{reflect.TypeFor[[]two](), []string{
			"type shape_test.two: field Other: shape_test.talker has no JSON form that can be described; use a union of structs, or any, or jsontext.Value for any JSON",
			"type shape_test.two: field C: chan int has no JSON form that can be described; leave the field out with the tag json:\"-\"",
			"type shape_test.two: field Items: items of []tenon.Opt[int] cannot be absent: Opt is for fields; use int, or Null for items that may be null",
		}},
		{reflect.TypeFor[map[string]chan int](), []string{
			"type map[string]chan int: at []: chan int has no JSON form that can be described; leave the field out with the tag json:\"-\"",
		}},
		{reflect.TypeFor[struct {
			Conn any `dep:""`
			ID   int `path:"id"`
		}](), nil},
	} {
		_, errs := r.Read(tt.typ)
		got := make([]string, 0, len(errs))
		for _, err := range errs {
			got = append(got, err.Error())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("faults of %s:\n%s\nwant\n%s", tt.typ, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}
