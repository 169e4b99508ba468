package codec_test

import (
	"context"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"reflect"
	"testing"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/validate"
)

type cat struct {
	Name  string `json:"name" minLength:"1"`
	Lives int8   `json:"lives" default:"9"`
	Next  *pet   `json:"next"`
}

type dog struct {
	Name string   `json:"name"`
	Tags []string `json:"tags" maxItems:"2"`
}

type pet struct {
	_   struct{} `discriminator:"kind"`
	Cat *cat     `variant:"cat"`
	Dog *dog     `variant:"dog"`
}

// tellingCat is a cat that holds the discriminator as any other member.
type tellingCat struct {
	Kind string `json:"kind"`
	cat
}

// FuzzUnion compares a union with the struct of one variant: for an object that is a cat, both find the same value and the same faults.
func FuzzUnion(f *testing.F) {
	for _, text := range []string{
		`{"kind":"cat","name":"Tom"}`, `{"name":"","lives":300,"kind":"cat","x":[{"kind":1}]}`, `{"name":"A","next":{"tags":["a"],"name":"b","kind":"dog"},"kind":"cat"}`,
		`{"kind":"cat","kind":"dog","name":"a"}`, `{"kin\u0064":"c\u0061t","name":"a","next":null}`, `{"kind":"cow"}`, `{"kind":null}`, `{}`, `{"kind":"cat"`,
		`{"name":"a","kind":"cat","next":{"kind":"cat","name":"","next":{"kind":["cat"]}}}`, `{"x":"\ud800","kind":"cat"}`,
	} {
		f.Add([]byte(text))
	}
	asUnion, asCat := plan[pet](f, codec.Limits{}), plan[tellingCat](f, codec.Limits{})
	f.Fuzz(func(t *testing.T, body []byte) {
		var union pet
		var alone tellingCat
		var unionFaults, catFaults validate.Faults
		err := asUnion.Decode(context.Background(), body, reflect.ValueOf(&union).Elem(), &unionFaults)
		catErr := asCat.Decode(context.Background(), body, reflect.ValueOf(&alone).Elem(), &catFaults)
		if unionFaults.Pointer() != "" || (err == nil) != (catErr == nil) && !unionFaults.Full() && !catFaults.Full() && !deep(unionFaults) && !deep(catFaults) {
			t.Fatalf("errors %v and %v, path %q", err, catErr, unionFaults.Pointer())
		}
		var told struct {
			Kind jsontext.Value `json:"kind"`
		}
		isCat := jsonv2.Unmarshal(body, &told, jsontext.AllowDuplicateNames(false)) == nil && string(told.Kind) == `"cat"`
		if err != nil || !isCat {
			return
		}
		if !reflect.DeepEqual(unionFaults.List, catFaults.List) {
			t.Fatalf("as a union %v\nalone %v", unionFaults.List, catFaults.List)
		}
		if unionFaults.Len() == 0 && !reflect.DeepEqual(*union.Cat, alone.cat) {
			t.Fatalf("as a union %+v, alone %+v", *union.Cat, alone.cat)
		}
	})
}

func deep(f validate.Faults) bool {
	return has(f.List, func(code string) bool { return code == "depth" || code == "total" })
}
