package tenon_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// growing has a text that doubles at each place where a request can have one.
type (
	growing struct {
		Path   string            `path:"p"   transform:"twice"`
		Query  tenon.Opt[string] `query:"q"  transform:"twice"`
		Label  tenon.Opt[label]  `query:"t"  transform:"twice"`
		List   []string          `query:"l"  transform:"twice" default:""`
		Comma  []string          `query:"c"  transform:"twice" default:"" explode:"false"`
		Deep   tenon.Opt[grown]  `query:"d"  style:"deepObject"`
		Rule   tenon.Opt[string] `query:"r"  transform:"twice" maxLength:"6"`
		Header tenon.Opt[string] `header:"H" transform:"twice"`
		Lines  []string          `header:"L" transform:"twice" default:""`
		Cookie tenon.Opt[string] `cookie:"k" transform:"twice"`
	}
	grown struct {
		Text  tenon.Opt[string] `json:"x" transform:"twice"`
		Label tenon.Opt[label]  `json:"y" transform:"twice"`
		Rule  tenon.Opt[string] `json:"r" transform:"twice" maxLength:"6"`
	}
	grownBody struct {
		grown
		List tenon.Opt[[]string]         `json:"l" transform:"twice"`
		Map  tenon.Opt[map[string]label] `json:"m" transform:"twice"`
	}
	grownForm struct {
		Text  tenon.Opt[string]   `form:"x" transform:"twice"`
		Label tenon.Opt[label]    `form:"y" transform:"twice"`
		List  tenon.Opt[[]string] `form:"l" transform:"twice"`
		Rule  tenon.Opt[string]   `form:"r" transform:"twice" maxLength:"6"`
	}
	grownText struct {
		Text string `body:"text/plain" transform:"twice"`
	}
)

// growth is a service whose texts may have 10 bytes and whose bodies 100.
func growth(tb testing.TB, limits tenon.Limits) *tenontest.Server {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb), Limits: limits})
	app.Transform("twice", func(text string) string { return text + text })
	app.Get("/{p}", given[growing, tenon.NoContent]())
	app.Post("/json", given[grownBody, tenon.NoContent]())
	app.Post("/form", given[grownForm, tenon.NoContent]())
	app.Post("/text", given[grownText, tenon.NoContent]())
	return tenontest.New(tb, app)
}

// TestSD084ATransformedTextIsHeldToTheLimits sends a text that its transform makes as long as may be, and one that it makes longer, from
// each place: the limits and the rules are about what it became.
func TestSD084ATransformedTextIsHeldToTheLimits(t *testing.T) {
	t.Parallel()
	s := growth(t, tenon.Limits{StringBytes: 10, Body: 200})
	get := func(target string, header ...string) func(string) *tenontest.Response {
		return func(text string) *tenontest.Response {
			with := s
			if header != nil {
				with = s.With(header[0], fmt.Sprintf(header[1], text))
			}
			return with.Get(strings.ReplaceAll(target, "%s", text))
		}
	}
	post := func(target, mediaType, body string) func(string) *tenontest.Response {
		return func(text string) *tenontest.Response {
			return s.With("Content-Type", mediaType).Post(target, fmt.Sprintf(body, text))
		}
	}
	const urlencoded, part = "application/x-www-form-urlencoded", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n%s\r\n--b--\r\n"
	for _, tt := range []struct {
		name        string
		send        func(text string) *tenontest.Response
		in, pointer string
	}{
		{"path", get("/%s"), "path", "/p"},
		{"query", get("/a?q=%s"), "query", "/q"},
		{"a text type", get("/a?t=%s"), "query", "/t"},
		{"a repeated parameter", get("/a?l=a&l=%s"), "query", "/l/1"},
		{"a list of one value", get("/a?c=a,%s"), "query", "/c/1"},
		{"a member of an object in the query", get("/a?d[x]=%s"), "query", "/d/x"},
		{"a text type in the query", get("/a?d[y]=%s"), "query", "/d/y"},
		{"header", get("/a", "H", "%s"), "header", "/H"},
		{"a list in a header", get("/a", "L", "a, %s"), "header", "/L/1"},
		{"cookie", get("/a", "Cookie", "k=%s"), "cookie", "/k"},
		{"a member", post("/json", "application/json", `{"x":"%s"}`), "body", "/x"},
		{"a text type in a body", post("/json", "application/json", `{"y":"%s"}`), "body", "/y"},
		{"an item", post("/json", "application/json", `{"l":["a","%s"]}`), "body", "/l/1"},
		{"a value of a map", post("/json", "application/json", `{"m":{"a/b":"%s"}}`), "body", "/m/a~1b"},
		{"a field of a form", post("/form", urlencoded, "x=%s"), "body", "/x"},
		{"a text type in a form", post("/form", urlencoded, "y=%s"), "body", "/y"},
		{"a repeated field", post("/form", urlencoded, "l=a&l=%s"), "body", "/l/1"},
		{"a part", post("/form", "multipart/form-data; boundary=b", part), "body", "/x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.send("12345").Status(204)
			tt.send("123456").Status(422).Faults(1).Fault(tt.in, tt.pointer, "maxLength")
		})
	}
	for name, ask := range map[string]func(string) *tenontest.Response{
		"a parameter": get("/a?r=%s"), "a member": post("/json", "application/json", `{"r":"%s"}`), "a field": post("/form", urlencoded, "r=%s"),
	} {
		ask("123").Status(204)
		if text := ask("1234").Status(422).Faults(1).At("/errors/0/params", `{"maxLength":6}`); text == nil { // the rule of the tag, in characters
			t.Error(name)
		}
	}
	text := post("/text", "text/plain", "%s")
	text(strings.Repeat("a", 100)).Status(204)
	text(strings.Repeat("a", 101)).Status(422).Faults(1).Fault("body", "", "maxLength").At("/errors/0/params", `{"maxBytes":200}`)
}

// TestSD084TransformsGrowARequestByAFactorAtMost bounds what many texts may become together, from any source.
func TestSD084TransformsGrowARequestByAFactorAtMost(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Transform("swell", func(text string) string { return text + strings.Repeat("-", 60_000) })
	app.Transform("thrice", func(text string) string { return text + text + text })
	app.Post("/json", given[struct {
		A tenon.Opt[[]string]       `json:"a" transform:"swell"`
		B tenon.Opt[map[int]string] `json:"b" transform:"swell"`
		C tenon.Opt[[]string]       `json:"c" transform:"thrice"`
	}, tenon.NoContent]())
	app.Post("/form", given[struct {
		A []string `form:"a" transform:"swell"`
	}, tenon.NoContent]())
	app.Get("/", given[struct {
		A []string `query:"a" transform:"swell"`
	}, tenon.NoContent]())
	s := tenontest.New(t, app)
	list := func(item string, n int) string {
		return strings.TrimSuffix(strings.Repeat(item, n), item[len(item)-1:])
	}
	s.Post("/json", `{"a":[`+list(`"x",`, 17)+`]}`).Status(204)
	s.Post("/json", `{"a":[`+list(`"x",`, 18)+`]}`).Status(422).Faults(1).Fault("body", "/a/17", "total")
	s.Post("/json", `{"a":[`+list(`"x",`, 17)+`],"b":{"1":"x"}}`).Status(422).Faults(1).Fault("body", "/b/1", "total")
	s.With("Content-Type", "application/x-www-form-urlencoded").Post("/form", list("a=x&", 18)).Status(422).Faults(1).Fault("body", "/a/17", "total")
	s.Get("/?"+list("a=x&", 18)).Status(422).Faults(1).Fault("query", "/a/17", "total")
	s.Post("/json", `{"c":[`+list(`"`+strings.Repeat("x", 20_000)+`",`, 50)+`]}`).Status(204) // what normal forms may need is never too much
}
