package ratelimit_test

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
)

// texts are rates, and what people are told of them.
var texts = map[string]string{
	"10/minute":                "10/minute",
	"10 per minute":            "10/minute",
	"10per minute":             "10/minute",
	"1/second":                 "1/second",
	"5/2minutes":               "5/2minutes",
	"5/2 minute":               "5/2minutes",
	"100 per 1 hour":           "100/hour",
	" 100  /  1  HOURS ":       "100/hour",
	"3/60seconds":              "3/minute",
	"2/24hours":                "2/day",
	"7/day":                    "7/day",
	"7/30days":                 "7/month",
	"7/year":                   "7/year",
	"7/10years":                "7/10years",
	"1000000000/second":        "1000000000/second",
	"10/second;100/minute":     "10/second|100/minute",
	"10/second, 100 per hour":  "10/second|100/hour",
	"1/second|2/minute|3/hour": "1/second|2/minute|3/hour",
}

// wrongTexts are no rates, and what is said of them.
var wrongTexts = map[string]string{
	"":                       "says neither Per nor Concurrent",
	" ":                      "empty rate",
	"ten/minute":             "want such as 10/minute",
	"10":                     "want such as 10/minute",
	"10/":                    "want such as 10/minute",
	"/minute":                "want such as 10/minute",
	"10 minute":              "want such as 10/minute",
	"10/fortnight":           `"fortnight" is no unit`,
	"10/minutess":            `"minutess" is no unit`,
	"10/minute 5":            "is no unit",
	"-1/minute":              "want such as 10/minute",
	"0/minute":               "the count is 0, want 1 to 1000000000",
	"1000000001/minute":      "the count is 1000000001",
	"99999999999999999999/s": "the count is 99999999999999999999",
	"1.5/minute":             "want such as 10/minute",
	"1/0minutes":             "the number of units is 0",
	"1/11years":              "longer than 10 years",
	"1/99999999999seconds":   "the number of units is 99999999999",
	"10/minute, 20/minute":   "two rates for minute",
	"10/minute;;1/hour":      "empty rate",
	"10/minute;":             "empty rate",
	"١/minute":               "want such as 10/minute",
}

// rates are what an operation with the limit tells.
func rates(text string) ([]string, error) {
	app := tenon.New(tenon.Config{})
	app.Get("/ping", ping, ratelimit.Per(text))
	if err := app.Compile(); err != nil {
		return nil, err
	}
	all := slices.Clone(app.Operations()[0].Rates)
	for i, text := range all {
		all[i] = strings.TrimSuffix(text, " per address")
	}
	return all, nil
}

func TestSD050Grammar(t *testing.T) {
	t.Parallel()
	for text, want := range texts {
		got, err := rates(text)
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("%q is %q (%v), want %q", text, got, err, want)
		}
	}
	for text, want := range wrongTexts {
		if got, err := rates(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %q, fault %v, want one that says %q", text, got, err, want)
		}
	}
}

// TestSD050Faults has all that is wrong told at once, each with its line.
func TestSD050Faults(t *testing.T) {
	t.Parallel()
	_, _, line, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("nobody knows the line")
	}
	app := tenon.New(tenon.Config{})
	app.Get("/a", ping, ratelimit.Per("10/fortnight"))
	app.Get("/b", ping, ratelimit.Per("0/minute"))
	app.Get("/c", ping, ratelimit.NoLimit(""), ratelimit.Concurrent(-1), ratelimit.In(nil))
	app.Get("/d", ping, ratelimit.Limit{Per: "1/minute", Cost: -1, Burst: 3, By: ratelimit.Func("", nil), Except: []ratelimit.Exception{{}}}.Option())
	app.Get("/e", ping, ratelimit.Per("1/minute"), ratelimit.Per("1/minute"))
	app.Get("/f", ping, ratelimit.Shared("x", ratelimit.Limit{Per: "1/minute"}))
	app.Get("/g", ping, ratelimit.Shared("x", ratelimit.Limit{Per: "2/minute"}))
	app.Get("/h", ping, ratelimit.Shared("", ratelimit.Limit{Per: "2/minute"}))
	app.Get("/i", ping, ratelimit.Limit{Per: "1/minute", Plans: []ratelimit.Plan{{Name: "a"}, {Name: "a", Per: "1/minute"}}}.Option())
	app.Get("/j", ping, ratelimit.Limit{Per: "1/year", Strategy: ratelimit.TokenBucket, Burst: 2000}.Option())
	app.Get("/k", ping, ratelimit.Limit{Per: "1/year", Name: "tab\t", Strategy: "leaky", By: ratelimit.Each(ratelimit.Address())}.Option())
	err := app.Compile()
	if err == nil {
		t.Fatal("the app compiles")
	}
	for i, wants := range [][]string{
		{`"fortnight" is no unit`}, {"the count is 0"},
		{"NoLimit wants a reason", "Concurrent is -1", "In has no Keeper"},
		{"Cost is -1", "Burst is 3", `the name "" is not`, "exception 0 has no Reason", "has no When"},
		{"two limits have the name"}, nil, {`shared as "x"`}, {"Shared has no name"},
		{"Choose and Plans need each other", "Plans take the place", "plan a: it says neither", `two plans have the name "a"`},
		{"more than 100 years"}, {"the name \"tab", `Strategy is "leaky"`, "Each wants two keys"},
	} {
		at := "grammar_test.go:" + strconv.Itoa(line+5+i)
		for _, want := range wants {
			if !slices.ContainsFunc(strings.Split(err.Error(), "grammar_test.go:"), func(fault string) bool {
				return strings.HasPrefix("grammar_test.go:"+fault, at) && strings.Contains(fault, want)
			}) {
				t.Errorf("%s: no fault says %q:\n%v", at, want, err)
			}
		}
	}
}

// FuzzPer holds that what is taken says itself, and means the same again.
func FuzzPer(f *testing.F) {
	for text := range texts {
		f.Add(text)
	}
	for text := range wrongTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		said, err := rates(text)
		if err != nil {
			return
		}
		again, err := rates(strings.Join(said, ";"))
		if err != nil || !slices.Equal(said, again) {
			t.Errorf("%q is %q, and that is %q (%v)", text, said, again, err)
		}
	})
}
