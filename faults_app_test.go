package tenon_test

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// ruledBody has a member for each word and each kind. Every one may be absent, so that a case says one thing.
type ruledBody struct {
	Length    tenon.Opt[string]          `json:"length" minLength:"2" maxLength:"4"`
	Name      tenon.Opt[string]          `json:"name" minLength:"1"`
	Pattern   tenon.Opt[string]          `json:"pattern" pattern:"^a+$"`
	Colour    tenon.Opt[string]          `json:"colour" enum:"red,green"`
	Answer    tenon.Opt[int]             `json:"answer" enum:"42"`
	Digit     tenon.Opt[string]          `json:"digit" enum:"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x,y,z,0,1,2,3,4,5,6,7,8,9"`
	Closed    tenon.Opt[int]             `json:"closed" minimum:"1" maximum:"9"`
	Opened    tenon.Opt[float64]         `json:"opened" exclusiveMinimum:"0" exclusiveMaximum:"1"`
	Even      tenon.Opt[int]             `json:"even" multipleOf:"2"`
	Small     tenon.Opt[int8]            `json:"small"`
	Natural   tenon.Opt[uint8]           `json:"natural"`
	Single    tenon.Opt[float32]         `json:"single"`
	Exact     tenon.Opt[placed]          `json:"exact" minimum:"0.01" exclusiveMaximum:"10" multipleOf:"0.01"`
	Flag      tenon.Opt[bool]            `json:"flag"`
	Items     tenon.Opt[[]int]           `json:"items" minItems:"1" maxItems:"2" uniqueItems:"true"`
	Pair      tenon.Opt[[2]int]          `json:"pair"`
	Map       tenon.Opt[map[string]int]  `json:"map" minItems:"1" maxItems:"1"`
	Many      tenon.Opt[map[string]bool] `json:"many"`
	Inner     tenon.Opt[innerBody]       `json:"inner"`
	Any       tenon.Opt[jsontext.Value]  `json:"any"`
	Own       tenon.Opt[ownJSON]         `json:"own"`
	Free      tenon.Opt[any]             `json:"free"`
	Table     tenon.Opt[[][]int]         `json:"table"`
	Time      tenon.Opt[time.Time]       `json:"time"`
	Date      tenon.Opt[tenon.Date]      `json:"date"`
	Duration  tenon.Opt[time.Duration]   `json:"duration"`
	UUID      tenon.Opt[uuid.UUID]       `json:"uuid"`
	Base64    tenon.Opt[[]byte]          `json:"base64"`
	Text      tenon.Opt[hexText]         `json:"text"`
	Choice    *choiceBody                `json:"choice"`
	Only      *onlyBody                  `json:"only"`
	ID        tenon.Opt[int]             `json:"id" readOnly:"true"`
	Email     tenon.Opt[string]          `json:"email" format:"email"`
	Hostname  tenon.Opt[string]          `json:"hostname" format:"hostname"`
	URI       tenon.Opt[string]          `json:"uri" format:"uri"`
	Reference tenon.Opt[string]          `json:"reference" format:"uri-reference"`
	IPv4      tenon.Opt[string]          `json:"ipv4" format:"ipv4"`
	IPv6      tenon.Opt[string]          `json:"ipv6" format:"ipv6"`
	Pointer   tenon.Opt[string]          `json:"pointer" format:"json-pointer"`
	Relative  tenon.Opt[string]          `json:"relative" format:"relative-json-pointer"`
	Regex     tenon.Opt[string]          `json:"regex" format:"regex"`
	URL       tenon.Opt[string]          `json:"url" format:"http-url"`
	Network   tenon.Opt[string]          `json:"network" format:"cidr"`
	Phone     tenon.Opt[string]          `json:"phone" format:"phone"`
	Card      tenon.Opt[string]          `json:"card" format:"payment-card"`
	Country   tenon.Opt[string]          `json:"country" format:"country"`
	Currency  tenon.Opt[string]          `json:"currency" format:"currency"`
	ULID      tenon.Opt[string]          `json:"ulid" format:"ulid"`
	MAC       tenon.Opt[string]          `json:"mac" format:"mac"`
	Release   tenon.Opt[string]          `json:"release" format:"semver"`
	Clock     tenon.Opt[string]          `json:"clock" format:"time"`
	Span      tenon.Opt[string]          `json:"span" format:"duration"`
	Day       tenon.Opt[string]          `json:"day" format:"date"`
	Moment    tenon.Opt[string]          `json:"moment" format:"date-time"`
	Key       tenon.Opt[string]          `json:"key" format:"uuid"`
	Swollen   tenon.Opt[[]string]        `json:"swollen" transform:"swell"`
	Crossed   tenon.Opt[crossed]         `json:"crossed"`
	Next      *ruledBody                 `json:"next"`
}

type innerBody struct {
	Name string `json:"name"`
}

// placed is a decimal of few digits.
type placed string

func (p placed) MarshalText() ([]byte, error) { return []byte(p), nil }
func (placed) JSONNumber()                    {}

func (p *placed) UnmarshalText(text []byte) error {
	if len(text) > 8 {
		return errors.New("too long")
	}
	*p = placed(text)
	return nil
}

// ownJSON reads JSON itself.
type ownJSON struct{ text jsontext.Value }

func (ownJSON) JSONSchema() *schema.Schema { return &schema.Schema{} }

func (o ownJSON) MarshalJSONTo(enc *jsontext.Encoder) error { return enc.WriteValue(o.text) }

func (o *ownJSON) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == '0' {
		return errors.New("no numbers")
	}
	text, err := dec.ReadValue()
	o.text = text.Clone()
	return err
}

// hexText has a form of its own.
type hexText string

func (h hexText) MarshalText() ([]byte, error) { return []byte(h), nil }

func (h *hexText) UnmarshalText(text []byte) error {
	for _, c := range text {
		if !strings.ContainsRune("0123456789abcdef", rune(c)) {
			return fmt.Errorf("%q is not hexadecimal", c)
		}
	}
	*h = hexText(text)
	return nil
}

type choiceBody struct {
	_   struct{} `discriminator:"kind"`
	Cat *catBody `variant:"cat"`
	Dog *dogBody `variant:"dog"`
}

type onlyBody struct {
	_   struct{} `discriminator:"kind"`
	Cat *catBody `variant:"cat"`
}

type catBody struct {
	Lives int `json:"lives"`
}

type dogBody struct {
	Bark string `json:"bark"`
}

// crossed has a rule across its fields, whose fault has no code.
type crossed struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Validate wants an order.
func (c crossed) Validate(context.Context) error {
	if c.From == 9 {
		return problem.Fault{} // which says nothing
	}
	if c.From > c.To {
		return problem.Fault{Pointer: "/to", Message: "must not be before from"}
	}
	return nil
}

type ruledParameters struct {
	ID      int                          `path:"id"`
	Many    tenon.Opt[[]int]             `query:"many" explode:"false" maxItems:"3"`
	Deep    tenon.Opt[innerParameters]   `query:"deep" style:"deepObject"`
	Map     tenon.Opt[map[string]string] `query:"map" style:"deepObject"`
	Text    tenon.Opt[string]            `query:"text"`
	Flag    tenon.Opt[bool]              `query:"flag"`
	Number  tenon.Opt[float64]           `query:"number"`
	Small   tenon.Opt[int8]              `query:"small"`
	Natural tenon.Opt[uint8]             `query:"natural"`
	Exact   tenon.Opt[placed]            `query:"exact"`
	Needed  string                       `header:"X-Needed"`
	Since   tenon.Opt[time.Time]         `header:"X-Since"`
	Cookie  tenon.Opt[string]            `cookie:"theme"`
}

type innerParameters struct {
	Name tenon.Opt[string] `json:"name"`
}

type ruledForm struct {
	Name  tenon.Opt[string]       `form:"name" maxLength:"8"`
	Age   tenon.Opt[int]          `form:"age" minimum:"1"`
	Photo tenon.Opt[tenon.Upload] `form:"photo" accept:"image/png" maxBytes:"64" maxPixels:"6"`
}

type plainForm struct {
	Name tenon.Opt[string] `form:"name" maxLength:"8"`
}

// faultsApp has an operation for each way in which a request can be refused.
func faultsApp(t *testing.T) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler), Limits: tenon.Limits{
		QueryPairs: 8, Cookies: 4, Form: tenon.FormLimits{Parts: 3, PartHeaders: 3, PartHeaderBytes: 200, NameBytes: 20},
	}})
	app.Codec("application/vnd.lines", tenon.Codec{ToJSON: func(body []byte) ([]byte, error) {
		if !bytes.HasSuffix(body, []byte("\n")) {
			return nil, errors.New("no line")
		}
		return bytes.Repeat(body, 100), nil
	}, FromJSON: func(text []byte) ([]byte, error) { return text, nil }, Name: "lines"})
	app.Transform("swell", func(text string) string { return strings.Repeat(text, 60_000) })
	none := func() (*tenon.NoContent, error) { return nil, nil }
	app.Post("/body", func(context.Context, *ruledBody) (*tenon.NoContent, error) { return none() }, tenon.BodyLimit(300_000), tenon.Decompress("gzip"))
	app.Post("/needed", func(context.Context, *innerBody) (*tenon.NoContent, error) { return none() })
	app.Get("/parameters/{id}", func(context.Context, *ruledParameters) (*tenon.NoContent, error) { return none() })
	app.Post("/form", func(context.Context, *ruledForm) (*tenon.NoContent, error) { return none() })
	app.Get("/picked", func(context.Context, *struct{}) (*innerBody, error) { return &innerBody{}, nil },
		tenon.FormatParameter("format"), tenon.FormatSuffix())
	app.Post("/parts", func(context.Context, *struct {
		Inner innerBody `form:"inner"`
	},
	) (*tenon.NoContent, error) {
		return none()
	})
	app.Post("/fields", func(context.Context, *plainForm) (*tenon.NoContent, error) { return none() })
	app.Post("/stream", func(_ context.Context, in *struct {
		Body io.Reader `body:"text/plain"`
	},
	) (*tenon.NoContent, error) {
		_, err := io.Copy(io.Discard, in.Body)
		return nil, err
	}, tenon.BodyLimit(8))
	app.Patch("/merge", func(context.Context, *struct {
		Body struct {
			Name tenon.Opt[string] `json:"name"`
		} `body:""`
	},
	) (*tenon.NoContent, error) {
		return none()
	})
	app.Get("/pages", func(_ context.Context, in *page.Query) (*page.Of[int], error) { return page.New(*in, []int{}, 0), nil })
	app.Get("/file", func(context.Context, *struct{}) (*tenon.File, error) {
		return &tenon.File{Name: "a.txt", ContentType: "text/plain", ETag: tenon.NewETag("1"), Content: bytes.NewReader([]byte("0123456789"))}, nil
	})
	app.Put("/guarded", func(_ context.Context, in *struct{ tenon.IfMatch }) (*tenon.NoContent, error) {
		return nil, in.Check(tenon.NewETag("2"))
	})
	app.Put("/created", func(_ context.Context, in *struct{ tenon.IfNoneMatch }) (*tenon.NoContent, error) {
		return nil, in.Check(tenon.NewETag("2"))
	})
	app.Put("/either", func(_ context.Context, in *struct{ tenon.Precondition }) (*tenon.NoContent, error) {
		return nil, in.Check(tenon.NewETag("2"))
	})
	app.Get("/tagged", func(context.Context, *struct{}) (*struct {
		ETag tenon.ETag `header:"ETag"`
		Body innerBody  `body:""`
	}, error,
	) {
		return &struct {
			ETag tenon.ETag `header:"ETag"`
			Body innerBody  `body:""`
		}{ETag: tenon.NewETag("1")}, nil
	})
	return app
}
