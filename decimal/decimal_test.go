package decimal_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/decimal"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

var exact = []struct{ text, want string }{
	{"0", "0"}, {"-0", "0"}, {"0.00", "0.00"}, {"19.990", "19.990"}, {"-19.99", "-19.99"}, {"0.3", "0.3"}, {"1e2", "100"}, {"15e-1", "1.5"}, {"1.50E+1", "15.0"},
	{"9999999999999999999", "9999999999999999999"}, {"-9999999999.999999999", "-9999999999.999999999"},
	{"0.0000000000000000001", "0.0000000000000000001"}, {"1e18", "1000000000000000000"}, {"7e-19", "0.0000000000000000007"},
	{"0e30", "0"}, {"0e-30", "0"}, {"-0e99999999999999999999", "0"}, {"0.00000000000000000000", "0"}, {"0.0e-19", "0"}, {"0e-2", "0.00"}, {"0e19", "0"}, {"0.00e20", "0"},
}

var tooLong = []string{
	"10000000000000000000", "1e19", "0.00000000000000000001", "1e-20", "1.0000000000000000000", "12345678901234567890.5", "1e400", "1e-400", "1e99999999999999999999",
	"1e-1000000000", "0.12345678901234567890",
}

var malformed = []string{"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1_000", "NaN", "Infinity", " 1", "1 ", "1,5", `"1"`, "null"}

func TestSD083ParseKeepsEveryDigitOrRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range exact {
		d, err := decimal.Parse(tt.text)
		if err != nil || d.String() != tt.want {
			t.Errorf("%s is %s, %v; want %s", tt.text, d, err, tt.want)
		}
	}
	for code, texts := range map[string][]string{"range": tooLong, "type": malformed} {
		for _, text := range texts {
			d, err := decimal.Parse(text)
			if fault, ok := errors.AsType[problem.Fault](err); !ok || fault.Code != code {
				t.Errorf("%q is %s, %v; want a fault %s", text, d, err, code)
			}
		}
	}
}

func TestSD083Arithmetic(t *testing.T) {
	t.Parallel()
	sum, err := decimal.MustParse("0.1").Add(decimal.MustParse("0.2"))
	if err != nil || sum != decimal.MustParse("0.3") {
		t.Errorf("0.1 + 0.2 is %s, %v", sum, err)
	}
	rest, _ := decimal.Int(1).Sub(decimal.MustParse("0.15"))
	final, _ := decimal.MustParse("19.99").Mul(rest)
	if got := final.Round(2).String(); got != "16.99" {
		t.Errorf("19.99 less 15%% is %s", got)
	}
	if half, err := decimal.Int(1).Quo(decimal.Int(2)); err != nil || half.Trim(0).String() != "0.5" {
		t.Errorf("1 / 2 is %s, %v", half, err)
	}
	if _, err := decimal.Int(1).Quo(decimal.Int(0)); err == nil {
		t.Error("1 / 0 has a value")
	}
	if _, err := decimal.MustParse("9999999999999999999").Add(decimal.Int(1)); err == nil {
		t.Error("an overflow has a value")
	}
	if decimal.MustParse("1.0").Cmp(decimal.MustParse("1.00")) != 0 || decimal.Int(1).Cmp(decimal.Int(2)) != -1 {
		t.Error("Cmp is wrong")
	}
	defer func() {
		if recover() == nil {
			t.Error("MustParse did not panic")
		}
	}()
	decimal.MustParse("x")
}

// order is a decimal in every place of a request and an answer.
type order struct {
	Min  tenon.Opt[decimal.Decimal] `query:"min" minimum:"0.1" multipleOf:"0.1"`
	Rate decimal.Decimal            `header:"Rate" default:"1.00"`
	Body struct {
		Price  decimal.Decimal             `json:"price" exclusiveMinimum:"0" maximum:"99999999999.9999" multipleOf:"0.01" example:"19.990"`
		Parts  []decimal.Decimal           `json:"parts" uniqueItems:"true" enum:"0.1,0.20,3"`
		Credit tenon.Null[decimal.Decimal] `json:"credit"`
	} `body:""`
}

type ordered struct {
	Rate decimal.Decimal `header:"Rate"`
	Body orderView       `body:""`
}

type orderView struct {
	Min, Price decimal.Decimal
	Parts      []decimal.Decimal
	Credit     *decimal.Decimal
}

func orders(tb testing.TB) *tenontest.Server {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Post("/orders", func(_ context.Context, in *order) (*ordered, error) {
		view := orderView{Min: in.Min.Value, Price: in.Body.Price, Parts: in.Body.Parts}
		if in.Body.Credit.Valid {
			view.Credit = &in.Body.Credit.Value
		}
		return &ordered{Rate: in.Rate, Body: view}, nil
	})
	return tenontest.New(tb, app)
}

func TestSD083EndToEnd(t *testing.T) {
	t.Parallel()
	s := orders(t)
	s.Post("/orders?min=0.30", `{"price":19.990,"parts":[0.1,3.0],"credit":-1e2}`).Status(201).Header("Rate", "1.00").
		Text(`{"Min":0.30,"Price":19.990,"Parts":[0.1,3.0],"Credit":-100}`)
	for query, code := range map[string]string{"0.35": "multipleOf", "0": "minimum", "0.09": "minimum", "x": "type", "1e1.": "type", "01": "type", "1e30": "range"} {
		s.Post("/orders?min="+url.QueryEscape(query), `{"price":1,"parts":[],"credit":null}`).Status(422).Fault("query", "/min", code)
	}
	for price, code := range map[string]string{
		`"19.99"`: "type", "true": "type", "null": "null", "0": "exclusiveMinimum", "-0.00": "exclusiveMinimum", "99999999999.99991": "maximum",
		"0.001": "multipleOf", "1.00": "", "100e-2": "", "0.10000000000000000000000000000000": "range", "1e1000000000": "maximum",
		"1" + strings.Repeat("0", 2000): "range",
	} {
		answer := s.Post("/orders", fmt.Sprintf(`{"price":%s,"parts":[],"credit":null}`, price))
		if code == "" {
			answer.Status(201)
		} else {
			answer.Status(422).Fault("body", "/price", code)
		}
	}
	s.Post("/orders", `{"price":1,"parts":[0.2,0.20],"credit":null}`).Status(422).Faults(1).Fault("body", "/parts", "uniqueItems")
	s.Post("/orders", `{"price":1,"parts":[0.3],"credit":null}`).Status(422).Faults(1).Fault("body", "/parts/0", "enum")
	s.Post("/orders", `{"price":1.,"parts":[]}`).Status(400)
}

func TestSD083IsDescribedAsANumber(t *testing.T) {
	t.Parallel()
	document := orders(t).Get("/openapi.json").Status(200)
	body := "/paths/~1orders/post/requestBody/content/application~1json/schema/properties"
	document.At(body+"/price", `{"type":"number","format":"decimal","examples":[19.990],"maximum":99999999999.9999,"exclusiveMinimum":0,"multipleOf":0.01}`).
		At(body+"/parts/items", `{"type":"number","format":"decimal","enum":[0.1,0.20,3]}`).
		At(body+"/credit/type", `["number","null"]`).
		At("/paths/~1orders/post/parameters/1/schema/default", "1.00")
}

func TestSD083Database(t *testing.T) {
	t.Parallel()
	var _ sql.Scanner = (*decimal.Decimal)(nil)
	for _, tt := range exact {
		d := decimal.MustParse(tt.text)
		stored, err := d.Value()
		if err != nil {
			t.Fatal(err)
		}
		var back decimal.Decimal
		if err := back.Scan(stored); err != nil || back != d {
			t.Errorf("%s came back as %s, %v", d, back, err)
		}
	}
	var d decimal.Decimal
	if err := d.Scan([]byte("1.20")); err != nil || d.String() != "1.20" {
		t.Errorf("bytes are %s, %v", d, err)
	}
	if err := d.Scan(int64(-7)); err != nil || d.String() != "-7" {
		t.Errorf("an integer is %s, %v", d, err)
	}
	for _, value := range []any{0.1, nil, true, "x", "1e30"} {
		if d.Scan(value) == nil {
			t.Errorf("%v was read as %s", value, d)
		}
	}
}

func TestSD083EncodingJSON(t *testing.T) {
	t.Parallel()
	var v struct {
		A decimal.Decimal `json:"A"`
		B decimal.Decimal `json:"B"`
	}
	if err := json.Unmarshal([]byte(`{"A":19.990,"B":null}`), &v); err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(v); err != nil || string(text) != `{"A":19.990,"B":0}` {
		t.Errorf("%s, %v", text, err)
	}
	if json.Unmarshal([]byte(`{"A":"1"}`), &v) == nil {
		t.Error("a string was read")
	}
}

func FuzzParseIsExact(f *testing.F) {
	for _, tt := range exact {
		f.Add(tt.text)
	}
	for _, text := range append(tooLong, malformed...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := decimal.Parse(text)
		v := jsontext.Value(text)
		isNumber := v.IsValid() && v.Kind() == '0' && strings.TrimSpace(text) == text
		if err != nil {
			fault, _ := errors.AsType[problem.Fault](err)
			if isNumber == (fault.Code == "type") {
				t.Errorf("%q: %v, but JSON says %v", text, err, isNumber)
			}
			return
		}
		if mantissa, _, _ := strings.Cut(strings.ToLower(text), "e"); isNumber && strings.Trim(mantissa, "-0.") == "" {
			text = "0" // whatever the exponent, which big.Rat bounds
		}
		want, ok := new(big.Rat).SetString(text)
		got, _ := new(big.Rat).SetString(d.String())
		if !isNumber || !ok || want.Cmp(got) != 0 {
			t.Errorf("%q is %s", text, d)
		}
	})
}
