package tenon_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// Payment is money by one of several ways.
type Payment struct {
	_        struct{}  `discriminator:"method"`
	Card     *Card     `variant:"card"`
	Transfer *Transfer `variant:"transfer"`
	Split    *Split    `variant:"split-up"`
}

// Validate refuses a card that the shop does not take.
func (p *Payment) Validate(context.Context) error {
	if p.Card != nil && strings.HasPrefix(p.Card.Number, "9") {
		return problem.Fault{Pointer: "/number", Code: "card", Message: "must be of a known brand"}
	}
	return nil
}

// Card is a payment by card.
type Card struct {
	Number string            `json:"number" pattern:"^[0-9]{4}$" writeOnly:"true"`
	Holder tenon.Opt[string] `json:"holder" transform:"trim"`
}

// Transfer is a payment by transfer.
type Transfer struct {
	_    struct{} `additionalProperties:"true"`
	IBAN string   `json:"iban" minLength:"5"`
}

// Split is several payments; it holds the union.
type Split struct {
	Parts []Payment `json:"parts" maxItems:"3" uniqueItems:"true"`
}

func payments(tb testing.TB) *tenontest.Server {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Post("/payments", func(_ context.Context, in *Payment) (*Payment, error) { return in, nil })
	app.Put("/cards", func(_ context.Context, in *Card) (*Card, error) { return in, nil })
	app.Patch("/orders/{id}", func(_ context.Context, in *struct {
		ID     int `path:"id"`
		Change struct {
			Payment tenon.Opt[tenon.Null[Payment]] `json:"payment"`
			Other   *Payment                       `json:"other"`
			ByName  tenon.Opt[map[string]Payment]  `json:"by_name"`
		} `body:""`
	}) (*struct {
		Payment *Payment `json:"payment"`
		Names   int      `json:"names"`
	}, error) {
		return &struct {
			Payment *Payment `json:"payment"`
			Names   int      `json:"names"`
		}{in.Change.Other, len(in.Change.ByName.Value)}, nil
	})
	return tenontest.New(tb, app)
}

func TestPY06AUnionIsReadByItsDiscriminator(t *testing.T) {
	t.Parallel()
	s := payments(t)
	for body, want := range map[string]string{
		`{"method":"card","number":"1234"}`:                                                                                `{"method":"card"}`,
		`{"holder":" Ada ","number":"1234","method":"card"}`:                                                               `{"method":"card","holder":"Ada"}`,
		`{"x":[{"method":"card"}],"iban":"DE123","method":"transfer"}`:                                                     `{"method":"transfer","iban":"DE123"}`,
		`{"method":"split-up","parts":[]}`:                                                                                 `{"method":"split-up","parts":[]}`,
		`{"parts":[{"iban":"DE123","method":"transfer"},{"method":"card","number":"1111"}],"\u006dethod":"split\u002dup"}`: `{"method":"split-up","parts":[{"method":"transfer","iban":"DE123"},{"method":"card"}]}`,
	} {
		s.Post("/payments", body).Status(201).Text(want)
	}
}

func TestPY06FaultsAreThoseOfTheVariant(t *testing.T) {
	t.Parallel()
	s := payments(t)
	for _, tt := range []struct{ body, pointer, code string }{
		{`{"number":"1234"}`, "/method", "required"},
		{`{}`, "/method", "required"},
		{`{"method":null,"number":"1234"}`, "/method", "null"},
		{`{"number":"x","method":7}`, "/method", "type"},
		{`{"method":"cash","number":[]}`, "/method", "enum"},
		{`{"method":"Card","number":"1234"}`, "/method", "enum"},
		{`{"method":"card","method":"transfer","number":"1234"}`, "/method", "duplicate"},
		{`{"method":"card"}`, "/number", "required"},
		{`{"number":"12","method":"card"}`, "/number", "pattern"},
		{`{"method":"card","number":"1234","iban":"DE123"}`, "/iban", "unknown"},
		{`{"METHOD":"card","method":"card","number":"1234"}`, "/METHOD", "unknown"},
		{`{"method":"card","number":"9999"}`, "/number", "card"},
		{`{"method":"split-up","parts":[{"method":"transfer","iban":"DE"}]}`, "/parts/0/iban", "minLength"},
		{`{"method":"split-up","parts":[{"iban":"DE123"}]}`, "/parts/0/method", "required"},
		{`{"method":"split-up","parts":[{"method":"card","number":"9000"}]}`, "/parts/0/number", "card"},
		{`{"method":"split-up","parts":[{"method":"card","number":"1"},null]}`, "/parts/1", "null"},
		{`{"method":"split-up","parts":[{"iban":"DE123","method":"transfer"},{"method":"transfer","iban":"DE123"}]}`, "/parts", "uniqueItems"},
		{`[]`, "", "type"},
		{`"card"`, "", "type"},
		{`null`, "", "null"},
		{strings.Repeat(`{"method":"split-up","parts":[`, 20) + strings.Repeat(`]}`, 20), strings.Repeat("/parts/0", 16)[:len("/parts/0")*16], "depth"},
	} {
		s.Post("/payments", tt.body).Status(422).Fault("body", tt.pointer, tt.code)
	}
	s.Post("/payments", `{"number":"1234"}`).Faults(1).At("/errors/0/message", `"is required, and must be one of card, transfer, split-up"`)
	s.Post("/payments", `{"method":"cash","secret":1}`).Faults(1).At("/errors/0/message", `"must be one of card, transfer, split-up"`)
	for _, body := range []string{`{"method":"card","number":"1234"`, `{"method":"card",}`, `{"a":1,"method":"card"}}`, `{"method":"ca`, "{\"x\":\x01,\"method\":\"card\"}"} {
		s.Post("/payments", body).Status(400)
	}
}

func TestPY06AUnionMayBeAbsentOrNull(t *testing.T) {
	t.Parallel()
	s := payments(t)
	s.Patch("/orders/1", `{"payment":null,"other":{"method":"transfer","iban":"DE123"}}`).Status(200).Text(`{"payment":{"method":"transfer","iban":"DE123"},"names":0}`)
	s.Patch("/orders/1", `{"by_name":{"a":{"iban":"DE123","method":"transfer"},"b":{"number":"1234","method":"card"}}}`).Status(200).Text(`{"payment":null,"names":2}`)
	s.Patch("/orders/1", `{"payment":{},"by_name":{"a":{}}}`).Status(422).Faults(2).Fault("body", "/payment/method", "required").Fault("body", "/by_name/a/method", "required")
}

func TestPY06AUnionIsDescribed(t *testing.T) {
	t.Parallel()
	const at = "/components/schemas/"
	document := payments(t).Get("/openapi.json").Status(200)
	document.At("/paths/~1payments/post/requestBody/content/application~1json/schema/$ref", `"#/components/schemas/PaymentInput"`).
		At("/paths/~1payments/post/responses/201/content/application~1json/schema/$ref", `"#/components/schemas/Payment"`).
		At(at+"PaymentInput", `{"oneOf":[{"$ref":"#/components/schemas/PaymentCardInput"},{"$ref":"#/components/schemas/PaymentTransfer"},`+
			`{"$ref":"#/components/schemas/PaymentSplitUpInput"}],"discriminator":{"propertyName":"method","mapping":{`+
			`"card":"#/components/schemas/PaymentCardInput","transfer":"#/components/schemas/PaymentTransfer","split-up":"#/components/schemas/PaymentSplitUpInput"}}}`).
		At(at+"PaymentCardInput", `{"type":"object","properties":{"method":{"type":"string","const":"card"},"number":{"type":"string","pattern":"^[0-9]{4}$","writeOnly":true},`+
			`"holder":{"type":"string","x-transform":["trim"]}},"required":["method","number"],"additionalProperties":false}`).
		At(at+"PaymentCard/properties", `{"method":{"type":"string","const":"card"},"holder":{"type":"string"}}`).
		At(at+"PaymentTransfer/required", `["method","iban"]`).
		At(at+"PaymentSplitUp/properties/parts/items/$ref", `"#/components/schemas/Payment"`).
		At(at+"CardInput/required", `["number"]`)
}

func TestPY06NotOneVariantIsAnInternalError(t *testing.T) {
	t.Parallel()
	var log buffer
	app := tenon.New(tenon.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	app.Get("/none", func(context.Context, *struct{}) (*Payment, error) { return &Payment{}, nil })
	app.Get("/two", func(context.Context, *struct{}) (*Payment, error) {
		return &Payment{Card: &Card{}, Transfer: &Transfer{}}, nil
	})
	app.Get("/within", func(context.Context, *struct{}) (*Payment, error) {
		return &Payment{Split: &Split{Parts: []Payment{{}}}}, nil
	})
	s := tenontest.New(t, app)
	s.Get("/none").Status(500)
	s.Get("/two").Status(500)
	s.Get("/within").Status(500)
	for _, want := range []string{"0 variants of tenon_test.Payment are set, want 1", "2 variants of tenon_test.Payment are set", "Parts.[0]: 0 variants"} {
		if !strings.Contains(log.String(), want) && !strings.Contains(strings.ReplaceAll(log.String(), "Parts[0]", "Parts.[0]"), want) {
			t.Errorf("the log says %s, want %s", log.String(), want)
		}
	}
}

type (
	emptyUnion struct {
		_ struct{} `discriminator:"kind"`
	}
	clashing struct {
		_ struct{}  `discriminator:"iban"`
		A *Transfer `variant:"a"`
	}
	twice struct {
		_ struct{} `discriminator:"kind"`
		A *Card    `variant:"a"`
		B *Card    `variant:"a"`
	}
	plainField struct {
		_ struct{} `discriminator:"kind"`
		A *Card    `variant:"a"`
		B Card     `variant:"b"`
		C *string  `variant:"c"`
		D *Card
	}
	within struct {
		_ struct{} `discriminator:"kind"`
		A *Payment `variant:"a"`
	}
	secretVariant struct {
		_ struct{} `discriminator:"kind"`
		A *hidden  `variant:"a"`
	}
	hidden struct{ A string }
)

func (hidden) NeverEncode() {}

func TestPY06StartFaults(t *testing.T) {
	t.Parallel()
	sends := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	sends.Get("/", func(context.Context, *struct{}) (*secretVariant, error) { return nil, nil })
	for want, app := range map[string]*tenon.App{
		"a union without variants":                                                    taking[emptyUnion](t),
		"has a member iban, which is the discriminator":                               taking[clashing](t),
		"fields A and B are both the variant a":                                       taking[twice](t),
		"field B: a union has a blank field":                                          taking[plainField](t),
		"field C: a union has a blank field":                                          taking[plainField](t),
		"field D: a union has a blank field":                                          taking[plainField](t),
		"a variant is a struct with the members of an object, not tenon_test.Payment": taking[within](t),
		"is a secret and would be sent":                                               sends,
		"a union needs a name": taking[struct {
			A struct {
				_ struct{} `discriminator:"kind"`
				B *Card    `variant:"b"`
			} `json:"a"`
		}](t),
		"a variant belongs in a union": taking[struct {
			B *Card `variant:"b"`
		}](t),
		"a union cannot be embedded": taking[struct {
			Payment
			A string `json:"a"`
		}](t),
		"tag discriminator is empty": taking[struct {
			A string `json:"a" discriminator:""`
		}](t),
		"has no text form for a query parameter": taking[struct {
			A Payment `query:"a"`
		}](t),
		"tag minItems is for": taking[struct {
			A Payment `json:"a" minItems:"1"`
		}](t),
		"did you mean discriminator?": taking[struct {
			_ struct{} `discriminater:"kind"`
			B *Card    `variant:"b"`
		}](t),
	} {
		if err := app.Compile(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "_test.go:") {
			t.Errorf("compiles with %v, want %s", err, want)
		}
	}
}
