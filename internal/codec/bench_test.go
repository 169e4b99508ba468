package codec_test

import (
	"bytes"
	"context"
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/validate"
)

// user and order are the two bodies that every change to this package is measured with.
type user struct {
	Name  string `json:"name"  minLength:"1" maxLength:"100"`
	Email string `json:"email" format:"email"`
	Age   int    `json:"age"   minimum:"1" maximum:"149"`
}

const userBody = `{"name":"Ada Lovelace","email":"ada.lovelace@example.org","age":36}`

type order struct {
	ID        string    `json:"id" minLength:"1" maxLength:"40"`
	Number    int64     `json:"number" minimum:"1"`
	Status    string    `json:"status" enum:"open,paid,sent,done"`
	Currency  string    `json:"currency" minLength:"3" maxLength:"3"`
	Total     float64   `json:"total" minimum:"0"`
	Tax       float64   `json:"tax" minimum:"0"`
	Discount  float64   `json:"discount" minimum:"0" maximum:"1"`
	Created   time.Time `json:"created"`
	Updated   time.Time `json:"updated"`
	Paid      bool      `json:"paid"`
	Gift      bool      `json:"gift"`
	Note      string    `json:"note" maxLength:"1000"`
	Channel   string    `json:"channel" maxLength:"20"`
	Warehouse int32     `json:"warehouse" minimum:"0"`
	Priority  uint8     `json:"priority" maximum:"9"`
	Coupon    string    `json:"coupon" maxLength:"20"`
	Tags      []string  `json:"tags" maxItems:"10" maxLength:"30"`
	Customer  customer  `json:"customer"`
	Address   address   `json:"address"`
	Items     []item    `json:"items" minItems:"1" maxItems:"100"`
}

type customer struct {
	ID    int64  `json:"id" minimum:"1"`
	Name  string `json:"name" minLength:"1" maxLength:"100"`
	Email string `json:"email" format:"email"`
	Phone string `json:"phone" maxLength:"30"`
}

type address struct {
	Street  string `json:"street" minLength:"1" maxLength:"100"`
	City    string `json:"city" minLength:"1" maxLength:"100"`
	Zip     string `json:"zip" minLength:"1" maxLength:"10"`
	Country string `json:"country" minLength:"2" maxLength:"2"`
}

type item struct {
	SKU      string  `json:"sku" minLength:"1" maxLength:"30"`
	Name     string  `json:"name" minLength:"1" maxLength:"100"`
	Quantity int     `json:"quantity" minimum:"1" maximum:"1000"`
	Price    float64 `json:"price" minimum:"0"`
	Tax      float64 `json:"tax" minimum:"0"`
	Gift     bool    `json:"gift"`
}

func orderBody() string {
	one := `{"sku":"SKU-000-1234","name":"Wooden joint, beech, 40 mm","quantity":12,"price":19.99,"tax":3.8,"gift":false}`
	return `{"id":"ord_01J9ZK6Q7W8X9Y0Z","number":1234567,"status":"paid","currency":"EUR","total":2398.8,"tax":455.77,` +
		`"discount":0.15,"created":"2026-11-26T10:20:30Z","updated":"2026-11-26T11:21:31.5Z","paid":true,"gift":false,` +
		`"note":"Please leave the parcel with the neighbour at number twelve.","channel":"web","warehouse":7,"priority":3,` +
		`"coupon":"AUTUMN26","tags":["wood","joinery","b2c"],` +
		`"customer":{"id":4711,"name":"Ada Lovelace","email":"ada.lovelace@example.org","phone":"+44 20 7946 0958"},` +
		`"address":{"street":"12 St James's Square","city":"London","zip":"SW1Y 4JH","country":"GB"},` +
		`"items":[` + strings.Repeat(one+",", 9) + one + `]}`
}

// TestPY13BenchmarksCompareEqualWork holds what BenchmarkDecode measures to be the same work: encoding/json reads what we read, which is
// checked besides.
func TestPY13BenchmarksCompareEqualWork(t *testing.T) {
	t.Parallel()
	readsAlike[user](t, userBody, `"age":36`, `"age":200`)
	readsAlike[order](t, orderBody(), `"zip":"SW1Y 4JH"`, `"zip":""`)
}

// readsAlike reads a body by each decoder, and one that breaks a rule by ours alone.
func readsAlike[T any](t *testing.T, body, from, to string) {
	t.Helper()
	var ours, v1, v2 T
	var faults validate.Faults
	p := plan[T](t, codec.Limits{})
	if err := p.Decode(t.Context(), []byte(body), reflect.ValueOf(&ours).Elem(), &faults); err != nil || faults.Len() > 0 {
		t.Fatal(err, faults.List)
	}
	if err := errors.Join(json.Unmarshal([]byte(body), &v1), jsonv2.Unmarshal([]byte(body), &v2)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(ours, v1) || !reflect.DeepEqual(ours, v2) {
		t.Errorf("read as %+v, by encoding/json as %+v", ours, v1)
	}
	wrong := strings.Replace(body, from, to, 1)
	if err := p.Decode(t.Context(), []byte(wrong), reflect.ValueOf(&ours).Elem(), &faults); err != nil || faults.Len() != 1 {
		t.Errorf("%v and %v for a rule that is broken", err, faults.List)
	}
}

// BenchmarkDecode measures decoding with every rule checked beside decoding alone (PY-13).
func BenchmarkDecode(b *testing.B) {
	benchmark[user](b, "user", userBody)
	benchmark[order](b, "order", orderBody())
}

func benchmark[T any](b *testing.B, name, body string) {
	b.Helper()
	p := plan[T](b, codec.Limits{})
	text := []byte(body)
	b.Run(name+"/codec", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		var faults validate.Faults
		for b.Loop() {
			dst := new(T)
			if err := p.Decode(context.Background(), text, reflect.ValueOf(dst).Elem(), &faults); err != nil || faults.Len() > 0 {
				b.Fatal(err, faults.List)
			}
		}
	})
	b.Run(name+"/json-v2", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if err := jsonv2.Unmarshal(text, new(T)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run(name+"/json-v1", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			dec := json.NewDecoder(bytes.NewReader(text))
			dec.DisallowUnknownFields()
			if err := dec.Decode(new(T)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
