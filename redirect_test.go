package tenon_test

import (
	"context"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

type place struct {
	Shop  string                   `path:"shop"`
	ID    int64                    `path:"id"`
	Tags  tenon.Opt[[]string]      `query:"tag"`
	Since tenon.Opt[time.Time]     `query:"since"`
	For   tenon.Opt[time.Duration] `query:"for"`
	Page  int                      `query:"page" default:"1" minimum:"1"`
	Word  *string                  `query:"word"`
	Day   tenon.Opt[tenon.Date]    `query:"day"`
	Trace tenon.Opt[string]        `header:"X-Trace"`
}

type elsewhere struct {
	Found *found          `status:"200"`
	See   *tenon.Redirect `status:"303"`
	Moved *tenon.Redirect `status:"308"`
	Trace string          `header:"X-Trace"`
}

func TestFR07ARouteWritesItsURL(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	var got place
	route := app.Group("/api/v1").Get("/shops/{shop}/caf%C3%A9/{id}", func(_ context.Context, in *place) (*tenon.NoContent, error) {
		got = *in
		return nil, nil
	})
	files := app.Get("/files/{a...}", func(context.Context, *one) (*tenon.NoContent, error) { return nil, nil })
	root := app.Get("/", func(context.Context, *none) (*tenon.NoContent, error) { return nil, nil })
	if _, err := route.URL(place{}); err == nil || !strings.Contains(err.Error(), "not compiled") {
		t.Errorf("before Compile: %v", err)
	}
	s := tenontest.New(t, app)
	word := "a&b=c ?#/é"
	at := time.Date(2026, 11, 26, 10, 0, 0, 5, time.FixedZone("", 3600))
	for want, in := range map[string]place{
		"/api/v1/shops/a%2Fb/caf%C3%A9/-7":                               {Shop: "a/b", ID: -7},
		"/api/v1/shops/%2F%2Fevil.example/caf%C3%A9/0?tag=x&tag=&page=2": {Shop: "//evil.example", Tags: tenon.Some([]string{"x", ""}), Page: 2},
		"/api/v1/shops/%0D%0A%5C/caf%C3%A9/1?since=2026-11-26T10%3A00%3A00.000000005%2B01%3A00&for=PT1H30M&word=a%26b%3Dc+%3F%23%2F%C3%A9&day=2026-11-26": {
			Shop: "\r\n\\", ID: 1, Since: tenon.Some(at), For: tenon.Some(90 * time.Minute), Word: &word, Day: tenon.Some(tenon.Date{Year: 2026, Month: 11, Day: 26})},
	} {
		location, err := route.URL(in)
		if err != nil || location != want {
			t.Errorf("%+v is %s, %v, want %s", in, location, err, want)
		}
		s.Get(location).Status(204)
		in.Page = max(in.Page, 1) // the default
		if at := got.Since.Value; at.Equal(in.Since.Value) {
			got.Since = in.Since // the same instant in another zone
		}
		if !reflect.DeepEqual(got, in) {
			t.Errorf("%s leads to %+v, want %+v", location, got, in)
		}
	}
	for _, shop := range []string{"", ".", ".."} {
		if location, err := route.URL(place{Shop: shop}); err == nil {
			t.Errorf("%q is %s", shop, location)
		}
	}
	if location, err := files.URL(one{A: "a b/c%2Fd"}); err != nil || location != "/files/a%20b/c%252Fd" {
		t.Errorf("%s, %v", location, err)
	}
	for _, path := range []string{"", "a//b", "../x", "/a"} {
		if location, err := files.URL(one{A: path}); err == nil {
			t.Errorf("%q is %s", path, location)
		}
	}
	if location, err := root.URL(none{}); err != nil || location != "/" {
		t.Errorf("%s, %v", location, err)
	}
	if _, err := (tenon.Route[none]{}).URL(none{}); err == nil {
		t.Error("a route of nothing leads somewhere")
	}
}

// TestFR07ARouteWritesTheStylesOfItsQuery writes each style and reads it again.
func TestFR07ARouteWritesTheStylesOfItsQuery(t *testing.T) {
	t.Parallel()
	type window struct {
		From int               `json:"from" default:"1"`
		To   tenon.Opt[string] `json:"t&o"`
	}
	type input struct {
		Commas tenon.Opt[[]string]       `query:"c" explode:"false"`
		Spaces tenon.Opt[[]string]       `query:"s" style:"spaceDelimited"`
		Bars   tenon.Opt[[]int]          `query:"p" style:"pipeDelimited"`
		Window tenon.Opt[window]         `query:"w" style:"deepObject"`
		Free   tenon.Opt[map[string]int] `query:"f" style:"deepObject"`
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	var got input
	route := app.Get("/x", func(_ context.Context, in *input) (*tenon.NoContent, error) {
		got = *in
		return nil, nil
	})
	s := tenontest.New(t, app)
	for want, in := range map[string]input{
		"/x":                               {},
		"/x?c=a%2Cb,c+d,&s=x+y%26&p=1%7C2": {Commas: tenon.Some([]string{"a,b", "c d", ""}), Spaces: tenon.Some([]string{"x", "y&"}), Bars: tenon.Some([]int{1, 2})},
		"/x?w%5Bfrom%5D=2&w%5Bt%26o%5D=%5B&f%5Ba%3D%5D=1&f%5Bb%5D=-2": {Window: tenon.Some(window{From: 2, To: tenon.Some("[")}),
			Free: tenon.Some(map[string]int{"b": -2, "a=": 1})},
	} {
		location, err := route.URL(in)
		if err != nil || location != want {
			t.Errorf("%+v is %s, %v, want %s", in, location, err, want)
		}
		s.Get(location).Status(204)
		if !reflect.DeepEqual(got, in) {
			t.Errorf("%s leads to %+v, want %+v", location, got, in)
		}
	}
	if location, err := route.URL(input{Spaces: tenon.Some([]string{"a b"})}); err == nil {
		t.Errorf("an item with a separator is written: %s", location)
	}
}

func TestSD151Redirects(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	item := app.Get("/items/{a}", func(_ context.Context, in *one) (*found, error) { return &found{A: in.A}, nil })
	login := app.Origin("https://login.example.com:8443")
	app.Post("/search", func(_ context.Context, in *found) (*tenon.Redirect, error) { return item.Redirect(one{in.A}), nil })
	app.Get("/old/{a}", func(_ context.Context, in *one) (*tenon.Redirect, error) { return item.Redirect(*in), nil }, tenon.Status(308))
	app.Get("/login", func(context.Context, *none) (*tenon.Redirect, error) {
		return login.Redirect("/authorize x", url.Values{"state": {"a&b"}, "next": {"//evil.example"}}), nil
	})
	app.Get("/either/{a}", func(_ context.Context, in *one) (*elsewhere, error) {
		switch in.A {
		case "see":
			return &elsewhere{See: item.Redirect(*in), Trace: "t"}, nil
		case "moved":
			return &elsewhere{Moved: login.Redirect("/", nil)}, nil
		}
		return &elsewhere{Found: &found{A: in.A}}, nil
	})
	s := tenontest.New(t, app)
	s.Post("/search", `{"route":"","a":"x/y","b":""}`).Status(303).Header("Location", "/items/x%2Fy").Empty()
	s.Get("/old/1").Status(308).Header("Location", "/items/1")
	s.Head("/old/1").Status(308).Header("Location", "/items/1")
	s.Get("/login").Status(303).Header("Location", "https://login.example.com:8443/authorize%20x?next=%2F%2Fevil.example&state=a%26b")
	s.Get("/either/see").Status(303).Header("Location", "/items/see").Header("X-Trace", "t")
	s.Get("/either/moved").Status(308).Header("Location", "https://login.example.com:8443/")
	s.Get("/either/x").Status(200).Header("Location", "")
	s.With("Host", "evil.example").Get("/old/1").Header("Location", "/items/1")
	for path, status := range map[string]string{"/old/{a}": "308", "/login": "303", "/either/{a}": "303"} {
		r := app.OpenAPI().Paths[path].Get.Responses[status]
		if r == nil || r.Content != nil || r.Headers["Location"] == nil || !r.Headers["Location"].Required {
			t.Errorf("%s: %s is %+v", path, status, r)
		}
	}
	if app.OpenAPI().Paths["/login"].Get.Responses["406"] != nil {
		t.Error("a redirect has no representation to agree on")
	}
}

func TestARedirectThatCannotBeWrittenIsALogged500(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	item := app.Get("/items/{a}", func(context.Context, *one) (*found, error) { return nil, nil })
	for path, redirect := range map[string]func() *tenon.Redirect{
		"/a": func() *tenon.Redirect { return item.Redirect(one{".."}) },
		"/b": func() *tenon.Redirect { return &tenon.Redirect{} },
		"/c": func() *tenon.Redirect { return tenon.Origin{}.Redirect("/", nil) },
		"/d": func() *tenon.Redirect { return app.Origin("https://example.com").Redirect("evil", nil) },
		"/e": func() *tenon.Redirect { return tenon.Route[one]{}.Redirect(one{"a"}) },
	} {
		to := redirect
		app.Get(path, func(context.Context, *none) (*tenon.Redirect, error) { return to(), nil })
	}
	s := tenontest.New(t, app)
	for _, path := range []string{"/a", "/b", "/c", "/d", "/e"} {
		s.Get(path).Status(500).Problem("internal").Header("Location", "")
	}
}

func TestOriginsAreCheckedAtStart(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"https://example.com": true, "https://example.com:8443": true, "http://localhost:3000": true, "http://127.0.0.1": true, "http://[::1]:80": true,
		"http://example.com": false, "https://example.com/": false, "https://example.com/a": false, "https://user@example.com": false, "example.com": false,
		"//example.com": false, "https://": false, "https://example.com?": false, "https://example.com#": false, "javascript:alert(1)": false, "": false,
		"https:\\\\example.com": false, "https://example.com\\@evil": false, "ftp://example.com": false,
		"https://xn--bcher-kva.example": true, "https://EXAMPLE.com": true, "https://192.0.2.1:1": true, "https://[2001:db8::1]": true, "https://a.b:65535": true,
		"https://*": false, "https://*.example.com": false, "https://example.com:99999": false, "https://example.com:0": false, "https://example.com:": false,
		"https://example.com:080": false, "https://bücher.example": false, "https://a..b": false, "https://a b": false, "https://a_b": false, "https://-a.b": false,
		"https://%61.b": false, "https://1.2.3": false, "https://192.0.2.1.2": false, "https://2130706433": false, "https://0x7f.1": false, "https://a.0x": false,
		"https://[fe80::1%25eth0]": false, "https://[192.0.2.1]": false, "https://::1": false, "https://example.com.": false, "https://.": false, "https://a\x00b": false,
	} {
		app := tenon.New(tenon.Config{})
		app.Origin(text)
		err := app.Compile()
		if ok != (err == nil) || err != nil && !strings.Contains(err.Error(), "redirect_test.go:") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestRedirectsAreRefusedAtStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		register func(*tenon.App)
		want     string
	}{
		{"a body with the status of a redirect", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*found, error) { return nil, nil }, tenon.Status(303))
		}, "that of a *tenon.Redirect"},
		{"a redirect with the status of a body", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*tenon.Redirect, error) { return nil, nil }, tenon.Status(200))
		}, "Redirect goes with status 303 or 302"},
		{"304, which conditions make", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*tenon.Redirect, error) { return nil, nil }, tenon.Status(304))
		}, "Redirect goes with status 303 or 302"},
		{"a redirect as a body", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				R *tenon.Redirect `body:""`
			}, error) {
				return nil, nil
			})
		}, "is a whole answer"},
		{"a redirect as a member", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct{ R *tenon.Redirect }, error) { return nil, nil })
		}, "is a whole answer, which is no member"},
		{"a redirect as an input", func(app *tenon.App) {
			app.Post("/x", func(context.Context, *tenon.Redirect) (*found, error) { return nil, nil })
		}, "Redirect"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			tt.register(app)
			err := app.Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "redirect_test.go:") {
				t.Errorf("fault %v, want one with %q and its call site", err, tt.want)
			}
		})
	}
}

// FuzzRoute promises that no value of a path leads to another route, another host, or nowhere without an error.
func FuzzRoute(f *testing.F) {
	for _, seed := range []string{"a", "//evil.example", "..", "%2e%2e", "a/b", "\r\n", "é", "\xff", "?a=b", "#"} {
		f.Add(seed)
	}
	app := tenon.New(tenon.Config{})
	var got string
	route := app.Get("/x/{a}/y", func(_ context.Context, in *one) (*tenon.NoContent, error) {
		got = in.A
		return nil, nil
	})
	if err := app.Compile(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		location, err := route.URL(one{text})
		if err != nil {
			return
		}
		u, err := url.Parse(location)
		if err != nil || u.Host != "" || !strings.HasPrefix(location, "/x/") || strings.ContainsAny(location, "\r\n\\ ") {
			t.Fatalf("%q is %q: %v", text, location, err)
		}
		if w := serve(t, app, "GET", location); w.Code == 204 && got != text {
			t.Errorf("%q is %q, which is read as %q", text, location, got)
		} else if w.Code != 204 && w.Code != 400 && w.Code != 422 {
			t.Errorf("%q is %q, which answers %d", text, location, w.Code)
		}
	})
}
