package media_test

import (
	"testing"

	"github.com/tenon-go/tenon/internal/media"
)

func TestEssence(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		field, essence, charset string
		ok                      bool
	}{
		{"application/json", "application/json", "", true},
		{"Application/JSON; charset=UTF-8", "application/json", "utf-8", true},
		{`application/json ; charset="utf-8"; x=y`, "application/json", "utf-8", true},
		{"application/json;", "application/json", "", true},
		{"text/plain; charset=latin1", "text/plain", "latin1", true},
		{"", "", "", false},
		{"json", "", "", false},
		{"application/json; charset", "", "", false},
		{"application/json, text/plain", "", "", false},
		{"application/ json", "", "", false},
		{"text/plain; charset=utf-8; charset=latin1", "", "", false},
		{"text/plain; charset=utf-8; Charset=utf-8", "", "", false},
		{`text/plain; charset="utf-8`, "", "", false},
		{`text/plain; charset=utf-8"`, "", "", false},
		{`text/plain; charset=""`, "", "", false},
		{`text/plain; charset="`, "", "", false},
		{`text/plain; charset=a b`, "", "", false},
		{`text/plain; x="a;b\"; y=c"; charset=utf-8`, "text/plain", "utf-8", true},
		{`text/plain; x="a" b; charset=utf-8`, "", "", false},
		{"text/plain; x=a\"b", "", "", false},
		{"text/plain; =a", "", "", false},
		{"text/plain; charset =utf-8", "", "", false},
		{"text/plain ;; charset=utf-8 ;", "text/plain", "utf-8", true},
	} {
		t.Run(tt.field, func(t *testing.T) {
			t.Parallel()
			essence, charset, ok := media.Essence(tt.field)
			if essence != tt.essence || charset != tt.charset || ok != tt.ok {
				t.Errorf("%q, %q, %t, want %q, %q, %t", essence, charset, ok, tt.essence, tt.charset, tt.ok)
			}
		})
	}
}

func TestParameter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ field, want string }{
		{"multipart/form-data; boundary=Ab", "Ab"},
		{`multipart/form-data; x="boundary=no"; BOUNDARY="a;b c\\d"`, `a;b c\d`},
		{"multipart/form-data; boundary=a; boundary=b", ""},
		{`multipart/form-data; boundary="a`, ""},
		{"multipart/form-data", ""},
	} {
		if got := media.Parameter(tt.field, "boundary"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.field, got, tt.want)
		}
	}
}

func TestAccepts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		lines []string
		want  bool
	}{
		{"no field", nil, true},
		{"an empty field", []string{""}, true},
		{"the type itself", []string{"application/json"}, true},
		{"another case", []string{"Application/Json"}, true},
		{"everything", []string{"*/*"}, true},
		{"the kind", []string{"application/*;q=0.1"}, true},
		{"a browser", []string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, true},
		{"another type", []string{"text/html"}, false},
		{"refused by q=0", []string{"application/json;q=0, */*"}, false},
		{"refused by q=0.000", []string{"*/*;q=0.000"}, false},
		{"the most specific range decides", []string{"*/*;q=0, application/json;q=0.5"}, true},
		{"over several lines", []string{"text/html", "application/json"}, true},
		{"a q that is no number refuses", []string{"application/json;q=x"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := media.Accepts(tt.lines, "application/json"); got != tt.want {
				t.Errorf("%t, want %t", got, tt.want)
			}
		})
	}
}

func TestBest(t *testing.T) {
	t.Parallel()
	offers := []string{"application/json", "text/csv", "text/html; charset=utf-8"}
	for _, tt := range []struct {
		name   string
		accept []string
		want   string
	}{
		{"no field takes the first", nil, "application/json"},
		{"the highest weight", []string{"application/json;q=0.4, text/csv;q=0.8"}, "text/csv"},
		{"the first of equals", []string{"text/csv, application/json"}, "application/json"},
		{"a kind below a type", []string{"text/*;q=0.5, text/html;q=0.9, */*;q=0.1"}, "text/html; charset=utf-8"},
		{"everything but one", []string{"*/*, application/json;q=0"}, "text/csv"},
		{"none", []string{"image/png"}, ""},
		{"none of them wanted", []string{"*/*;q=0"}, ""},
		{"over several lines", []string{"text/csv;q=0.1", "text/html;q=0.2"}, "text/html; charset=utf-8"},
		{"a weight that is no number", []string{"text/csv;q=NaN, text/html;q=0.001"}, "text/html; charset=utf-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := media.Best(tt.accept, offers); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzMedia(f *testing.F) {
	f.Add("application/json; charset=utf-8", "text/html, */*;q=0.1")
	f.Fuzz(func(t *testing.T, contentType, accept string) {
		essence, _, ok := media.Essence(contentType)
		if ok && !media.Accepts([]string{essence}, essence) {
			t.Errorf("%q does not accept itself", essence)
		}
		media.Accepts([]string{accept}, "application/json")
	})
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, essence string
		want             bool
	}{
		{"image/png", "image/png", true},
		{"image/png", "image/pngx", false},
		{"image/*", "image/png", true},
		{"image/*", "imagex/png", false},
		{"image/*", "image", false},
		{"*/*", "text/plain", true},
		{"text/plain", "text/*", false},
	} {
		if got := media.Matches(tt.pattern, tt.essence); got != tt.want {
			t.Errorf("Matches(%q, %q) = %t, want %t", tt.pattern, tt.essence, got, tt.want)
		}
	}
	if !media.IsRange("image/*") || media.IsRange("image/png") {
		t.Error("image/* is a range, image/png is none")
	}
}
