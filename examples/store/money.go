package store

import (
	"context"
	"encoding/json/jsontext"
	"math/big"

	"github.com/govalues/decimal"

	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// Amounts are exact decimals with at most four places, from which no product of a price and a discount loses a digit.
// They travel as JSON numbers and are stored as text; both keep the zeros at the end: 19.990 stays 19.990.
const (
	places   = 4
	smallest = "0.0001"
	largest  = "99999999999.9999"
)

// Price is an amount of dollars above 0 and up to 99,999,999,999.9999.
type Price struct{ decimal.Decimal }

// UnmarshalJSONFrom reads a JSON number.
func (p *Price) UnmarshalJSONFrom(dec *jsontext.Decoder) (err error) {
	p.Decimal, err = readDecimal(dec)
	return err
}

// MarshalJSONTo writes a JSON number.
func (p Price) MarshalJSONTo(enc *jsontext.Encoder) error { return enc.WriteValue([]byte(p.String())) }

// Validate refuses a price that is not positive or too large.
func (p Price) Validate(context.Context) error {
	if !p.IsPos() {
		return problem.Fault{Code: "exclusiveMinimum", Message: "Price must be positive"}
	}
	if p.Cmp(decimal.MustParse(largest)) > 0 {
		return problem.Fault{Code: "maximum", Message: "must be " + largest + " or less"}
	}
	return nil
}

// JSONSchema describes the number.
func (Price) JSONSchema() *schema.Schema {
	return &schema.Schema{Types: []string{"number"}, ExclusiveMinimum: "0", Maximum: largest, MultipleOf: smallest}
}

// Discount is the part of a price that is taken off: 0 to 1.
type Discount struct{ decimal.Decimal }

// UnmarshalJSONFrom reads a JSON number.
func (d *Discount) UnmarshalJSONFrom(dec *jsontext.Decoder) (err error) {
	d.Decimal, err = readDecimal(dec)
	return err
}

// MarshalJSONTo writes a JSON number.
func (d Discount) MarshalJSONTo(enc *jsontext.Encoder) error {
	return enc.WriteValue([]byte(d.String()))
}

// Validate refuses a discount below 0 or above 1.
func (d Discount) Validate(context.Context) error {
	if d.IsNeg() || d.Cmp(decimal.One) > 0 {
		code := "minimum"
		if d.IsPos() {
			code = "maximum"
		}
		return problem.Fault{Code: code, Message: "Discount must be between 0 and 1"}
	}
	return nil
}

// JSONSchema describes the number.
func (Discount) JSONSchema() *schema.Schema {
	return &schema.Schema{Types: []string{"number"}, Minimum: "0", Maximum: "1", MultipleOf: smallest}
}

// readDecimal reads a JSON number of at most four decimal places without losing a digit.
func readDecimal(dec *jsontext.Decoder) (decimal.Decimal, error) {
	value, err := dec.ReadValue()
	if err != nil {
		return decimal.Decimal{}, err
	}
	if value.Kind() != jsontext.KindNumber {
		return decimal.Decimal{}, problem.Fault{Code: "type", Message: "must be a number"}
	}
	text := string(value)
	d, err := decimal.Parse(text)
	if err != nil {
		return decimal.Decimal{}, problem.Fault{Code: "range", Message: "must have 19 digits or fewer"}
	}
	// Parse rounds what is beyond 19 digits, so the number is compared with what was read.
	if d = d.Trim(places); d.Scale() > places || !sameNumber(text, d.String()) {
		return decimal.Decimal{}, problem.Fault{Code: "multipleOf", Message: "must have 4 decimal places or fewer"}
	}
	return d, nil
}

// sameNumber compares two numbers that decimal.Parse has read, so their exponents are small.
func sameNumber(a, b string) bool {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}
