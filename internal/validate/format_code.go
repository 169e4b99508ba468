package validate

import (
	"net"
	"net/netip"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
)

// isPhone wants a number of E.164: a plus, the code of the country, and 15 digits at most in all; fewer than 7 reach nobody.
func isPhone(s string) bool {
	digits, ok := strings.CutPrefix(s, "+")
	return ok && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0' && all(digits, ascii.IsDigit)
}

// isPaymentCard wants 12 to 19 digits, the last of which is the check digit (ISO/IEC 7812-1, annex B). Cards do not begin with 0.
func isPaymentCard(s string) bool {
	if len(s) < 12 || len(s) > 19 || s[0] == '0' || !all(s, ascii.IsDigit) {
		return false
	}
	sum := 0
	for i := range len(s) {
		digit := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			digit = digit*2/10 + digit*2%10
		}
		sum += digit
	}
	return sum%10 == 0
}

// isULID wants 26 digits of Crockford's base 32, in any case, of 128 bits.
func isULID(s string) bool {
	return len(s) == 26 && s[0] >= '0' && s[0] <= '7' && all(s, func(c byte) bool {
		return ascii.IsDigit(c) || isLetter(c) && strings.IndexByte("ilou", c|0x20) < 0
	})
}

// isMAC wants an EUI-48 or EUI-64 (IEEE 802) with colons, hyphens or dots.
func isMAC(s string) bool {
	address, err := net.ParseMAC(s)
	return err == nil && len(address) <= 8 && strings.ContainsAny(s, ":-.")
}

// isCIDR wants a network of IPv4 or IPv6 (RFC 4632, section 3.1; RFC 4291, section 2.3), of which no bit beyond its length is set.
func isCIDR(s string) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && p == p.Masked()
}

// isSemVer wants a version of Semantic Versioning 2.0.0, without a v before it.
func isSemVer(s string) bool {
	s, build, built := strings.Cut(s, "+")
	core, before, released := strings.Cut(s, "-")
	return strings.Count(core, ".") == 2 && dotted(core, isWhole) && (!released || dotted(before, isPreRelease)) && (!built || dotted(build, isIdentifier))
}

func isWhole(s string) bool { return isInteger(s) && s[0] != '-' }

func isPreRelease(s string) bool { return isIdentifier(s) && (!all(s, ascii.IsDigit) || isWhole(s)) }

func isIdentifier(s string) bool { return s != "" && all(s, isLabelByte) }

// isCountry wants a code that ISO 3166-1 alpha-2 assigns.
func isCountry(s string) bool { return len(s) == 2 && isCode(countries, s) }

// isCurrency wants a code of list one of ISO 4217, but not one for tests or for no currency.
func isCurrency(s string) bool { return len(s) == 3 && isCode(currencies, s) }

// isCode reports whether a list has s between two spaces.
func isCode(list, s string) bool {
	return !strings.Contains(s, " ") && strings.Contains(list, " "+s+" ")
}

// The lists of 2026.
const (
	countries = " " +
		"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL " +
		"CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU " +
		"GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC " +
		"MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT " +
		"PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA " +
		"UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "

	currencies = " " +
		"AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC " +
		"CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES " +
		"KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD " +
		"OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD " +
		"TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW " +
		"ZWG "
)
