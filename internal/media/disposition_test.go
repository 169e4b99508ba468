package media_test

import (
	"mime"
	"strings"
	"testing"
	"unicode"

	"github.com/tenon-go/tenon/internal/media"
)

func TestDisposition(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, want string }{
		{"report.pdf", `attachment; filename="report.pdf"`},
		{"two words; a=b.txt", `attachment; filename="two words; a=b.txt"`},
		{"", `attachment`},
		{`say "hi".txt`, `attachment; filename="say _hi_.txt"; filename*=UTF-8''say%20%22hi%22.txt`},
		{"Zażółć €.txt", `attachment; filename="Za____ _.txt"; filename*=UTF-8''Za%C5%BC%C3%B3%C5%82%C4%87%20%E2%82%AC.txt`},
		{"100%25.txt", `attachment; filename="100_25.txt"; filename*=UTF-8''100%2525.txt`},
		{"a\r\nSet-Cookie: x=y\x00\x7f.txt", `attachment; filename="aSet-Cookie: x=y.txt"`},
		{"invoice\u202efdp.exe", `attachment; filename="invoicefdp.exe"`},
		{"../../etc/passwd", `attachment; filename="passwd"`},
		{`C:\temp\a.txt`, `attachment; filename="a.txt"`},
		{"..", `attachment`},
		{"a/", `attachment`},
		{" \u2028 ", `attachment`},
		{"bad \xff bytes", `attachment; filename="bad  bytes"`},
		{strings.Repeat("é", 150), `attachment; filename="` + strings.Repeat("_", 100) + `"; filename*=UTF-8''` + strings.Repeat("%C3%A9", 100)},
	} {
		if got := media.Disposition("attachment", tt.name); got != tt.want {
			t.Errorf("%q is %s, want %s", tt.name, got, tt.want)
		}
	}
}

// FuzzDisposition promises that a name never leaves its place, whatever is in it, and that a reader finds it again.
func FuzzDisposition(f *testing.F) {
	for _, seed := range []string{"a.txt", `"; filename="b`, "é\r\n\r\n<p>", "../x", "%0d%0a", "a\u202eb", "''", "\\"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		value := media.Disposition("inline", name)
		if strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c >= 0x7f }) {
			t.Fatalf("%q makes %q", name, value)
		}
		kind, params, err := mime.ParseMediaType(value)
		if err != nil || kind != "inline" || len(params) > 1 {
			t.Fatalf("%q makes %q, which is read as %s %v: %v", name, value, kind, params, err)
		}
		got := params["filename"]
		if strings.ContainsAny(got, `/\`) || strings.ContainsFunc(got, unicode.IsControl) || !strings.Contains(strings.ToValidUTF8(name, ""), got) && !strings.ContainsFunc(name, hidden) {
			t.Errorf("%q is read as %q", name, got)
		}
	})
}

func hidden(c rune) bool {
	return c == unicode.ReplacementChar || unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp)
}
