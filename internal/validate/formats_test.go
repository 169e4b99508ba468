package validate_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/validate"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	label := strings.Repeat("a", 63)
	for _, tt := range []struct {
		format  string
		yes, no []string
	}{
		{
			format: "email",
			yes: []string{
				"a@b.co", "name@example.com", "first.last+tag@sub.example.co.uk", "o'hara@example.org", "x@xn--bcher-kva.example",
				"0@1.aa", strings.Repeat("l", 64) + "@example.com", "a@" + label + "." + label + "." + label + ".example", "A@EXAMPLE.COM",
			},
			no: []string{
				"", "a", "@", "a@", "@b.co", "a@b", "a b@c.de", " a@b.co", "a@b.co ", "a@b@c.de", "Admin <a@b.co>", "<a@b.co>", `"a b"@c.de`,
				"a(comment)@b.co", "a@b.co(comment)", ".a@b.co", "a.@b.co", "a..b@c.de", "a@.co", "a@b..co", "a@b.co.", "a@-b.co", "a@b-.co",
				"a@[192.0.2.1]", "a@192.0.2.1", "ä@b.co", "a@bücher.example", "a@b.co\n", "a\x00@b.co", "a,b@c.de", "a@b_c.de",
				strings.Repeat("l", 65) + "@example.com", "a@" + label + "." + label + "." + label + "." + label + ".example", "a@" + label + "a.co",
				strings.Repeat("l", 60) + "@" + label + "." + label + "." + label + ".co",
			},
		},
		{
			format: "uuid",
			yes:    []string{"0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4e", "0192F0C1-7A55-7B2C-9F2E-0D6A1C2B3D4E", "00000000-0000-0000-0000-000000000000"},
			no:     []string{"", "0192f0c17a557b2c9f2e0d6a1c2b3d4e", "{0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4}", "0192f0c1-7a55-7b2c-9f2e-0d6a1c2b3d4g", "0192f0c17-a55-7b2c-9f2e-0d6a1c2b3d4e"},
		},
		{
			format: "date",
			yes:    []string{"2026-11-26", "2024-02-29", "2000-02-29", "0000-01-01", "9999-12-31"},
			no:     []string{"", "2026-1-1", "2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-01", "2026-01-00", "26-01-01", "2026/01/01", "2026-01-01T", "+026-01-01", "２026-01-01"},
		},
		{
			format: "time",
			yes:    []string{"15:04:05Z", "00:00:00z", "23:59:59.123456789012+23:59", "23:59:60Z", "00:59:60+01:00", "15:59:60-08:00"},
			no:     []string{"", "15:04:05", "24:00:00Z", "15:60:00Z", "15:04:61Z", "15:04:60Z", "23:59:60+01:00", "15:04Z", "15:04:05.Z", "15:04:05,1Z", "15:04:05+1:00", "15:04:05+24:00", "15:04:05+01:60", "15:04:05 Z", "1:04:05Z"},
		},
		{
			format: "date-time",
			yes:    []string{"2026-01-02T03:04:05Z", "2026-01-02t03:04:05.5-08:00", "1990-12-31T23:59:60Z"},
			no:     []string{"", "2026-01-02", "2026-01-02 03:04:05Z", "2026-01-02T03:04:05", "2026-02-30T03:04:05Z", "2026-01-02T03:04:05Zx", "1990-12-31T22:59:60Z"},
		},
		{
			format: "duration",
			yes:    []string{"P3Y6M4DT12H30M5S", "P1Y", "P1M", "PT1M", "P1Y1D", "P4W", "PT36H", "PT0S", "P1DT12H", "PT0.5S", "P1YT1S", "P999999999999D"},
			no:     []string{"", "P", "PT", "P1", "P1S", "PT1D", "P1D2H", "P2D1Y", "P1MT", "P1Y2W", "-P1D", "p1d", "P1.5Y", "1D", "P-1D", "P1Y1Y", "P1YT", "PT1M1H"},
		},
		{
			format: "uri",
			yes: []string{
				"https://example.com/", "http://a", "mailto:a@b.co", "urn:isbn:0451450523", "http://u:p@[2001:db8::1]:8080/a;b?c=d#e", "tel:+1-816-555-1212",
				"a:", "http://example.com/%20", "file:///etc/hosts", "http://[v1.a]/", "http://a:", "http://a?b?c/d",
			},
			no: []string{
				"", "/relative", "//example.com/", "example.com", ":a", "1a:b", "http://a b/", "http://a/ü", "http://a/%2", "http://a/%zz", "http://[::1", "http://[::g]/",
				"http://a:b/", "http://a/{b}", "http://a/\\b", "http://a/<b>", "http://a#b#c", "http://[fe80::1%25eth0]/", "http://a@b@c/", "ht_tp://a", "http://[]/", "http://[v.a]/",
			},
		},
		{
			format: "uri-reference",
			yes:    []string{"", "/a/b", "a/b:c", "?q", "#f", "//example.com/a", "../a", "https://example.com/", "./a:b"},
			no:     []string{"a b", ":a", "1a:b/c", "/a\\b", "#a#b", "/%", "ü"},
		},
		{
			format: "hostname",
			yes:    []string{"a", "www.example.com", "xn--bcher-kva.example", "1.2", "a-b.c", label + ".a", "WWW.example"},
			no:     []string{"", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "ü.de", "a b", label + "a", "ab--c", strings.Repeat("a.", 126) + "aa", "a:80"},
		},
		{
			format: "ipv4",
			yes:    []string{"192.0.2.1", "0.0.0.0", "255.255.255.255"},
			no:     []string{"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4/24", "::1", "::ffff:1.2.3.4", "1.2.3.4 ", "0x1.2.3.4"},
		},
		{
			format: "ipv6",
			yes:    []string{"::", "::1", "2001:db8::1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8"},
			no:     []string{"", "1.2.3.4", "2001:db8::1%eth0", "[::1]", "1:2:3:4:5:6:7:8:9", "::1::", "12345::", "::1/64", "fe80::1%"},
		},
		{
			format: "json-pointer",
			yes:    []string{"", "/", "/a/0", "/a~1b/m~0n", "/ü"},
			no:     []string{"a", "#/a", "/a~", "/a~2", "/~~0"},
		},
		{
			format: "relative-json-pointer",
			yes:    []string{"0", "1/a", "12#", "0/~0"},
			no:     []string{"", "/a", "-1/a", "01/a", "1a", "0##", "1/~", "+1"},
		},
		{
			format: "regex",
			yes:    []string{"", "^[a-z]+$", `\d{2}`},
			no:     []string{"(", "[", "a**", "(?=a)", `\`},
		},
		{
			format: "password",
			yes:    []string{"", "anything"},
		},
	} {
		t.Run(tt.format, func(t *testing.T) {
			t.Parallel()
			format, ok := validate.Builtin()[tt.format]
			if !ok {
				t.Fatal("there is no such format")
			}
			for _, s := range tt.yes {
				if !format.Check(s) {
					t.Errorf("%q is refused", s)
				}
			}
			for _, s := range tt.no {
				if format.Check(s) {
					t.Errorf("%q is accepted", s)
				}
			}
		})
	}
}

func TestFormatsAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	first := validate.Builtin()
	delete(first, "email")
	if _, ok := validate.Builtin()["email"]; !ok {
		t.Error("a change to one map shows in the next")
	}
}
