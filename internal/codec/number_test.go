package codec_test

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/codec"
)

// TestNumbersAreExact compares numbers that are written in all ways with exact arithmetic.
func TestNumbersAreExact(t *testing.T) {
	t.Parallel()
	p := numberPlans{plan[int64](t, codec.Limits{}), plan[uint64](t, codec.Limits{}), plan[float64](t, codec.Limits{}), plan[float32](t, codec.Limits{})}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		p.judge(t, randomNumber(random))
	}
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-0", "7.0", "-9223372036854775808", "18446744073709551615.0", "1e19", "0.1e1", "123456789012345.6", "1e-400", "5e-324"} {
		f.Add(text)
	}
	p := numberPlans{plan[int64](f, codec.Limits{}), plan[uint64](f, codec.Limits{}), plan[float64](f, codec.Limits{}), plan[float32](f, codec.Limits{})}
	f.Fuzz(func(t *testing.T, text string) {
		_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
		if len(text) > 100 || len(exponent) > 4 { // exact arithmetic would take long
			return
		}
		p.judge(t, text)
	})
}

type numberPlans struct{ ints, uints, doubles, singles *codec.Plan }

func (p *numberPlans) judge(t *testing.T, text string) {
	t.Helper()
	text = strings.Trim(text, " \t\r\n")
	n, faults := decode[int64](t, p.ints, text)
	if strings.HasPrefix(faults, "error: ") || faults == " type" && strings.Trim(text, "-0123456789.eE+") != "" || faults == " null" {
		return // not a number of JSON
	}
	exact, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%s: got %q for what is no number", text, faults)
	}
	if want := verdict(exact, exact.Num().IsInt64()); faults != want || want == "" && n != exact.Num().Int64() {
		t.Errorf("%s as int64: got %d and %q, want %q", text, n, faults, want)
	}
	u, faults := decode[uint64](t, p.uints, text)
	if want := verdict(exact, exact.Num().IsUint64()); faults != want || want == "" && u != exact.Num().Uint64() {
		t.Errorf("%s as uint64: got %d and %q, want %q", text, u, faults, want)
	}
	p.judgeFloats(t, text)
}

func verdict(exact *big.Rat, fits bool) string {
	switch {
	case !exact.IsInt():
		return " type"
	case !fits:
		return " range"
	}
	return ""
}

func (p *numberPlans) judgeFloats(t *testing.T, text string) {
	t.Helper()
	want, err := strconv.ParseFloat(text, 64)
	if x, faults := decode[float64](t, p.doubles, text); (faults == " range") != (err != nil) || err == nil && x != want {
		t.Errorf("%s as float64: got %v and %q, want %v", text, x, faults, want)
	}
	want, err = strconv.ParseFloat(text, 32)
	if x, faults := decode[float32](t, p.singles, text); (faults == " range") != (err != nil) || err == nil && float64(x) != want {
		t.Errorf("%s as float32: got %v and %q, want %v", text, x, faults, want)
	}
}

func randomNumber(r *rand.Rand) string {
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "0000123456789999"[r.IntN(16)]
		}
		return string(b)
	}
	text := strings.TrimLeft(digits(r.IntN(22)), "0")
	if text == "" {
		text = "0"
	}
	if r.IntN(2) == 0 {
		text = "-" + text
	}
	if r.IntN(2) == 0 {
		text += "." + digits(1+r.IntN(6))
	}
	if r.IntN(3) == 0 {
		text += []string{"e", "E+", "e-"}[r.IntN(3)] + digits(1+r.IntN(2))
	}
	return text
}
