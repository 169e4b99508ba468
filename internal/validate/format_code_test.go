package validate_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/validate"
)

// TestPY05Formats holds the formats that JSON Schema has not to the edges of their grammars.
func TestPY05Formats(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		format  string
		yes, no []string
	}{
		{
			format: "phone",
			yes:    []string{"+46701234567", "+14155550123", "+6834000", "+123456789012345"},
			no:     []string{"", "+", "46701234567", "0701234567", "+046701234567", "+46 70 123 45 67", "+46-701234567", "+123456", "+1234567890123456", "+4670123456７", "tel:+46701234567", "+46701234567 "},
		},
		{
			format: "payment-card",
			yes:    []string{"4242424242424242", "378282246310005", "6011111111111117", "5555555555554444", "6304000000000000", "4222222222222", "6759649826438453003"},
			no: []string{
				"", "4242424242424241", "4242 4242 4242 4242", "4242-4242-4242-4242", "0000000000000000", "424242424242424x", "79927398713", "42424242424242424242", "５555555555554444",
				"4242424242424224",
			},
		},
		{
			format: "ulid",
			yes:    []string{"01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "00000000000000000000000000"},
			no:     []string{"", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVV", "01ARZ3NDEKTSV4RRFFQ69G5FAI", "01ARZ3NDEKTSV4RRFFQ69G5FAl", "01ARZ3NDEKTSV4RRFFQ69G5FAO", "01ARZ3NDEKTSV4RRFFQ69G5FAu", "01ARZ3NDEK-SV4RRFFQ69G5FAV"},
		},
		{
			format: "mac",
			yes:    []string{"02:00:5e:10:00:01", "02-00-5E-10-00-01", "0200.5e10.0001", "02:00:5e:10:00:00:00:01"},
			no:     []string{"", "02:00:5e:10:00", "02:00:5e:10:00:0g", "02005e100001", "02:00-5e:10:00:01", "2:0:5e:10:0:1", strings.Repeat("00:", 19) + "00", " 02:00:5e:10:00:01"},
		},
		{
			format: "cidr",
			yes:    []string{"192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "192.0.2.1/32", "::/0"},
			no:     []string{"", "192.0.2.0", "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/024", "192.0.2.0/-1", "2001:db8::1/32", "fe80::%eth0/64", "192.0.2.0/255.255.255.0", "192.0.2/24"},
		},
		{
			format: "semver",
			yes:    []string{"0.0.0", "1.2.3", "1.0.0-alpha.1", "1.0.0-0.3.7", "1.0.0-x.7.z.92", "1.0.0+20130313144700", "1.0.0-beta+exp.sha.5114f85", "1.0.0--", "1.0.0+001", "1.0.0+a-b", "999999999999999999.1.1"},
			no:     []string{"", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.02.3", "1.2.3-", "1.2.3+", "1.2.3-01", "1.2.3-a..b", "1.2.3+a+b", "-1.2.3", "1.2.3-ä", "1.2.3 ", "1..3"},
		},
		{
			format: "country",
			yes:    []string{"SE", "AD", "ZW", "GB", "TW", "SS"},
			no:     []string{"", "se", "UK", "EU", "XX", "SWE", "S", " SE", "E ", "D ", "AD "},
		},
		{
			format: "currency",
			yes:    []string{"EUR", "AED", "ZWG", "XAU", "XDR", "SLE"},
			no:     []string{"", "eur", "XXX", "XTS", "DEM", "EU", "EURO", "UR ", " EU", "R U", "BTC"},
		},
		{
			format: "http-url",
			yes: []string{
				"https://example.com", "http://example.com/", "HTTPS://EXAMPLE.com/a?b#c", "http://localhost:8080/x", "http://192.0.2.1", "http://[2001:db8::1]:443/", "https://a.b?c", "https://a.b#c",
				"https://xn--bcher-kva.example/%20",
			},
			no: []string{
				"", "example.com", "//example.com/", "ftp://example.com/", "mailto:a@b.co", "javascript:alert(1)", "http:/a", "http:a", "http://", "http:///a", "http://?a", "https://user@example.com/",
				"https://example.com@evil.example/", "http://a:/", "http://a:0/", "http://a:080/", "http://a:65536/", "http://a:+1/", "http://[::1", "http://[fe80::1%25eth0]/", "http://[v1.a]/", "http://a_b/", "http://-a/",
				"http://127.1/", "http://0x7f.1/", "http://a.0x7f/", "http://1/", "http://bücher.example/", "http://a b/", "http://a/{b}", "http://a\\b/", "http://a./", " http://a.b", "http://a.b\n",
			},
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
			if said := format.Fault.Params.String(); format.Fault.Code != "format" || said != `{"format":"`+tt.format+`"}` {
				t.Errorf("the fault is %q with %s", format.Fault.Code, said)
			}
		})
	}
}
