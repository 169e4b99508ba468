package store_test

import (
	"encoding/json/jsontext"
	json "encoding/json/v2"
	"fmt"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSD080PriceMustBePositive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for _, price := range []string{"0", "-0", "0.0000", "-1", "-0.0001"} {
			message(s.Post("/api/v2/products", product(price, "null")).Status(422).Fault("body", "/price", "exclusiveMinimum"), "Price must be positive")
		}
		for price, code := range map[string]string{
			`"19.99"`: "type", "null": "null", "true": "type", "0.00001": "multipleOf", "0.30000000000000004": "multipleOf",
			"1.00000000000000001": "multipleOf", "1.00000000000000000000000000001": "range", "100000000000": "maximum", "99999999999999999999": "range", "1e400": "range",
			"1e-400": "range",
		} {
			s.Post("/api/v2/products", product(price, "null")).Status(422).Fault("body", "/price", code).Faults(1)
		}
		s.Post("/api/v2/products", `{"name":"Saw"}`).Status(422).Fault("body", "/price", "required").Faults(1)
	})
}

func product(price, discount string) string {
	return fmt.Sprintf(`{"name":"Saw","price":%s,"discount":%s}`, price, discount)
}

// message checks the text of the only fault.
func message(r *tenontest.Response, want string) {
	r.Faults(1).At("/errors/0/message", fmt.Sprintf("%q", want))
}

func TestSD081DiscountIsNullOrBetween0And1(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for discount, want := range map[string]string{"null": "null", "0": "0", "0.5": "0.5", "0.9999": "0.9999", "0.0": "0.0"} {
			s.Post("/api/v2/products", product("10000", discount)).Status(201).At("/discount", want)
		}
		s.Post("/api/v2/products", `{"name":"Saw","price":10}`).Status(201).At("/discount", "null")
		for _, discount := range []string{"1.01", "-0.01", "2", "-1"} {
			code := "maximum"
			if discount[0] == '-' {
				code = "minimum"
			}
			message(s.Post("/api/v2/products", product("10", discount)).Status(422).Fault("body", "/discount", code), "Discount must be between 0 and 1")
		}
		// 1 is a discount, but leaves nothing to pay.
		message(s.Post("/api/v2/products", product("10", "1")).Status(422).Fault("body", "", "final-price"), "Final price cannot be less than $1")
	})
}

func TestSD082FinalPrice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for _, tt := range []struct {
			price, discount string
			accepted        bool
		}{
			{"2", "0.5", true}, {"2", "0.5001", false}, {"1.9999", "0.5", false},
			{"10000", "0.9999", true}, {"9999.9999", "0.9999", false}, // exact: 0.99999999
			{"99999999999.9999", "0.9999", true},
			{"1", "0.0001", false}, {"0.50", "null", false}, {"0.99", "0", false}, {"1", "null", true}, // without a discount the price is final
		} {
			answer := s.Post("/api/v2/products", product(tt.price, tt.discount))
			if tt.accepted {
				answer.Status(201)
			} else {
				message(answer.Status(422).Fault("body", "", "final-price"), "Final price cannot be less than $1")
			}
		}
	})
}

func TestSD082AllFaultsComeTogetherAndTheRuleWaitsForItsInputs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/products", `{"name":"","price":0,"discount":2}`).Status(422).Faults(3).
			Fault("body", "/name", "minLength").Fault("body", "/price", "exclusiveMinimum").Fault("body", "/discount", "maximum")
		s.Post("/api/v2/products", `{"name":"Saw","price":0.5,"discount":2}`).Status(422).Faults(1).Fault("body", "/discount", "maximum")
		s.Post("/api/v2/products", `{"name":"Saw","discount":1}`).Status(422).Faults(1).Fault("body", "/price", "required")
		// The name is no input of the rule, so both are told.
		s.Post("/api/v2/products", `{"name":" \t","price":2,"discount":0.9}`).Status(422).Faults(2).Fault("body", "/name", "blank").Fault("body", "", "final-price")
		s.Post("/api/v2/products", `{"name":"","price":2,"discount":0.9}`).Status(422).Faults(2).
			Fault("body", "/name", "minLength").Fault("body", "", "final-price")
	})
}

func TestMoneyIsExact(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for i, tt := range []struct{ sent, want string }{
			{"19.990", "19.990"}, {"1.0001", "1.0001"}, {"99999999999.9999", "99999999999.9999"}, {"3.1", "3.1"}, {"2.50000000", "2.5000"},
			{"1e2", "100"}, {"15e-1", "1.5"}, {"9007199254.7409", "9007199254.7409"},
		} {
			s.Post("/api/v2/products", product(tt.sent, "null")).Status(201)
			body := string(s.Get(fmt.Sprintf("/api/v2/products/%d", i+1)).Status(200).Body)
			if !strings.Contains(body, `"price":`+tt.want+`,`) {
				t.Errorf("%s came back as %s, want %s", tt.sent, body, tt.want)
			}
		}
	})
}

func TestDemoProductsKeepTheRules(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		var list struct {
			Items []struct {
				Name     string         `json:"name"`
				Price    jsontext.Value `json:"price"`
				Discount jsontext.Value `json:"discount"`
			} `json:"items"`
		}
		if err := json.Unmarshal(s.Get("/api/v2/products").Status(200).Body, &list); err != nil {
			t.Fatal(err)
		}
		if len(list.Items) != 4 {
			t.Errorf("%d products, want 4", len(list.Items))
		}
		for _, p := range list.Items {
			s.Post("/api/v2/products", p).Status(201)
		}
	})
}

func TestMoneyIsDescribed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		document := s.Get("/openapi.json")
		properties := "/components/schemas/NewProduct/properties"
		document.At(properties+"/price/type", `"number"`).At(properties+"/price/exclusiveMinimum", "0").At(properties+"/price/multipleOf", "0.0001").
			At(properties+"/price/description", `"In dollars, exact, with at most 4 decimal places."`).
			At(properties+"/discount/minimum", "0").At(properties+"/discount/maximum", "1").At(properties+"/discount/type", `["number","null"]`)
	})
}
