package encode_test

import (
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
)

type benchUser struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Age       int       `json:"age"`
	CreatedAt time.Time `json:"createdAt"`
}

type benchPage struct {
	Items []benchUser `json:"items"`
	Total int         `json:"total"`
	Page  int         `json:"page"`
	Size  int         `json:"size"`
	Pages int         `json:"pages"`
}

type benchAddress struct {
	Street  string  `json:"street"`
	City    string  `json:"city"`
	Zip     string  `json:"zip"`
	Country string  `json:"country"`
	Note    *string `json:"note"`
}

type benchLine struct {
	SKU      string    `json:"sku"`
	Title    string    `json:"title"`
	Quantity int       `json:"quantity"`
	Price    float64   `json:"price"`
	Tags     []string  `json:"tags"`
	Product  uuid.UUID `json:"product"`
}

type benchOrder struct {
	ID       uuid.UUID    `json:"id"`
	Customer benchUser    `json:"customer"`
	Ship     benchAddress `json:"ship"`
	Bill     benchAddress `json:"bill"`
	Lines    []benchLine  `json:"lines"`
	Paid     bool         `json:"paid"`
	Note     string       `json:"note"`
	Placed   time.Time    `json:"placed"`
}

func users(n int) []benchUser {
	list := make([]benchUser, n)
	for i := range list {
		list[i] = benchUser{
			ID: int64(1000 + i), Name: fmt.Sprintf("Ada Lovelace %d", i), Email: fmt.Sprintf("ada.lovelace.%d@example.com", i), Age: 20 + i%60,
			CreatedAt: time.Date(2026, 3, 4, 5, 6, 7, 123456000, time.UTC).Add(time.Duration(i) * time.Hour),
		}
	}
	return list
}

func order() *benchOrder {
	note := "Ring twice, please."
	o := &benchOrder{
		ID: uuid.MustParse("0197a1c2-6f2b-7c3d-8e4f-112233445566"), Customer: users(1)[0],
		Ship: benchAddress{"12 St James's Square", "London", "SW1Y 4JH", "GB", &note}, Bill: benchAddress{"1 Long Street", "Ockham", "GU23 6NP", "GB", nil},
		Paid: true, Note: strings.Repeat("Leave the parcel with the neighbours. ", 6), Placed: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
	}
	for i := range 6 {
		o.Lines = append(o.Lines, benchLine{
			SKU: fmt.Sprintf("SKU-%05d", i), Title: "Difference engine, second \"improved\" edition", Quantity: i + 1, Price: 19.99 + float64(i),
			Tags: []string{"brass", "engine", "mechanical"}, Product: o.ID,
		})
	}
	return o
}

// BenchmarkEncode compares the compiled encoder with the two of the standard library on the same values.
func BenchmarkEncode(b *testing.B) {
	for _, tt := range []struct {
		name  string
		value any
	}{
		{"user", &users(1)[0]},
		{"page", &benchPage{Items: users(100), Total: 1234, Page: 1, Size: 100, Pages: 13}},
		{"order", order()},
	} {
		v := reflect.ValueOf(tt.value).Elem()
		typ, _ := shape.NewReader().Read(v.Type())
		enc, faults := encode.Compile(typ)
		if faults != nil {
			b.Fatal(faults)
		}
		buf, err := enc(nil, v)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(tt.name+"/compiled", func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(buf)))
			for b.Loop() {
				if buf, err = enc(buf[:0], v); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(tt.name+"/json-v2", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := jsonv2.Marshal(tt.value); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(tt.name+"/json-v1", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(tt.value); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
