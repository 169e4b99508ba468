package store

import (
	"context"

	"github.com/tenon-go/tenon/decimal"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// Amounts are exact decimals with at most four places, from which no product of a price and a discount loses a digit.
// They travel as JSON numbers and are stored as text; both keep the zeros at the end: 19.990 stays 19.990.
const (
	places   = 4
	smallest = "0.0001"
	largest  = "99999999999.9999"

	placesTold = "At most 4 decimal places." // clients that read floats cannot tell from multipleOf
)

// Price is an amount of dollars above 0 and up to 99,999,999,999.9999.
type Price struct{ decimal.Decimal }

// UnmarshalText reads the amount.
func (p *Price) UnmarshalText(text []byte) (err error) {
	p.Decimal, err = amount(text)
	return err
}

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
	return &schema.Schema{Types: []string{"number"}, Format: "decimal", ExclusiveMinimum: "0", Maximum: largest, MultipleOf: smallest, Description: placesTold}
}

// Discount is the part of a price that is taken off: 0 to 1.
type Discount struct{ decimal.Decimal }

// UnmarshalText reads the part.
func (d *Discount) UnmarshalText(text []byte) (err error) {
	d.Decimal, err = amount(text)
	return err
}

// Validate refuses a discount below 0 or above 1.
func (d Discount) Validate(context.Context) error {
	switch {
	case d.IsNeg():
		return problem.Fault{Code: "minimum", Message: "Discount must be between 0 and 1"}
	case d.Cmp(decimal.Int(1)) > 0:
		return problem.Fault{Code: "maximum", Message: "Discount must be between 0 and 1"}
	}
	return nil
}

// JSONSchema describes the number.
func (Discount) JSONSchema() *schema.Schema {
	return &schema.Schema{Types: []string{"number"}, Format: "decimal", Minimum: "0", Maximum: "1", MultipleOf: smallest, Description: placesTold}
}

// amount reads a number of at most four places. It leaves out zeros beyond them.
func amount(text []byte) (decimal.Decimal, error) {
	d, err := decimal.Parse(string(text))
	if err != nil {
		return d, err
	}
	if d = d.Trim(places); d.Scale() > places {
		return d, problem.Fault{Code: "multipleOf", Message: "must have 4 decimal places or fewer"}
	}
	return d, nil
}

// Amount is a sum of dollars and whole cents.
type Amount struct{ decimal.Decimal }

// JSONSchema describes the number.
func (Amount) JSONSchema() *schema.Schema {
	return &schema.Schema{Types: []string{"number"}, Format: "decimal", Minimum: "0", MultipleOf: "0.01", Description: "In dollars and whole cents."}
}

// final is the price less the discount, exact.
func final(price Price, discount *Discount) (decimal.Decimal, error) {
	if discount == nil {
		return price.Decimal, nil
	}
	rest, err := decimal.Int(1).Sub(discount.Decimal)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return price.Mul(rest)
}

// checkFinal refuses a price that the discount leaves too little of.
func checkFinal(price Price, discount *Discount) error {
	left, err := final(price, discount)
	if err == nil && left.Cmp(decimal.Int(1)) < 0 {
		return problem.Fault{Code: "final-price", Message: "Final price cannot be less than $1"}
	}
	return err
}
