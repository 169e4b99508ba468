package tenon_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// everyPosition has a value of every kind at every place that a body can have one.
type everyPosition struct {
	Text     tenon.Opt[string]            `json:"text"`
	Whole    tenon.Opt[int64]             `json:"whole"`
	Small    tenon.Opt[uint8]             `json:"small"`
	Number   tenon.Opt[float64]           `json:"number"`
	Flag     tenon.Opt[bool]              `json:"flag"`
	Bytes    tenon.Opt[[]byte]            `json:"bytes"`
	Time     tenon.Opt[time.Time]         `json:"time"`
	Duration tenon.Opt[time.Duration]     `json:"duration"`
	ID       tenon.Opt[uuid.UUID]         `json:"id"`
	Date     tenon.Opt[tenon.Date]        `json:"date"`
	Secret   tenon.Opt[tenon.Secret]      `json:"secret"`
	Enum     tenon.Opt[string]            `json:"enum" enum:"a,b"`
	Null     tenon.Opt[tenon.Null[int]]   `json:"null"`
	Pointer  *string                      `json:"pointer"`
	List     tenon.Opt[[]int]             `json:"list"`
	Texts    tenon.Opt[[]string]          `json:"texts"`
	Map      tenon.Opt[map[string]string] `json:"map"`
	Numbers  tenon.Opt[map[int]int]       `json:"numbers"`
	Inner    tenon.Opt[innerPosition]     `json:"inner"`
	Inners   tenon.Opt[[]innerPosition]   `json:"inners"`
	Tree     *tree                        `json:"tree"`
}

type innerPosition struct {
	Name string `json:"name"`
}

type tree struct {
	Next *tree `json:"next"`
}

// positions are bodies with a hole for the hostile value, %s.
func positions() map[string]string {
	p := map[string]string{"the whole body": `%s`, "an unknown member": `{"other":%s}`, "a list's item": `{"list":[1,%s]}`,
		"a text in a list": `{"texts":["",%s]}`, "a map's value": `{"map":{"k":%s}}`, "a number map's value": `{"numbers":{"1":%s}}`,
		"a nested member": `{"inner":{"name":%s}}`, "a member in a list": `{"inners":[{"name":""},{"name":%s}]}`,
		"deep in a tree": `{"tree":{"next":{"next":%s}}}`}
	for _, name := range []string{"text", "whole", "small", "number", "flag", "bytes", "time", "duration", "id", "date", "secret", "enum", "null",
		"pointer", "list", "texts", "map", "numbers", "inner", "inners", "tree"} {
		p["member "+name] = `{"` + name + `":%s}`
	}
	return p
}

// marker is what no answer may repeat.
const marker = "zqx-marker"

// hostiles are values that no position takes, and the status with which each is refused.
func hostiles() map[string]struct {
	value  string
	status int
} {
	type hostile = struct {
		value  string
		status int
	}
	return map[string]hostile{
		"NaN":                           {`NaN`, 400},
		"Infinity":                      {`-Infinity`, 400},
		"a lone high surrogate":         {`"` + marker + `\ud800"`, 400},
		"a lone low surrogate":          {`"\udc00` + marker + `"`, 400},
		"surrogates in the wrong order": {`"\udc00\ud800"`, 400},
		"ill-formed UTF-8":              {"\"" + marker + "\xff\"", 400},
		"UTF-8 of a surrogate":          {"\"\xed\xa0\x80\"", 400},
		"overlong UTF-8":                {"\"\xc0\xaf\"", 400},
		"a raw control character":       {"\"a\nb\"", 400},
		"a raw NUL":                     {"\"a\x00b\"", 400},
		"a bad escape":                  {`"\x41"`, 400},
		"a number with a leading zero":  {`01`, 400},
		"a number that ends in a point": {`1.`, 400},
		"a number with a plus":          {`+1`, 400},
		"a hexadecimal number":          {`0x1F`, 400},
		"a comment":                     {`/* x */ 1`, 400},
		"single quotes":                 {`'a'`, 400},
		"a trailing comma in a list":    {`[1,]`, 400},
		"a trailing comma in an object": {`{"a":1,}`, 400},
		"nothing":                       {``, 400},
		"a truncated text":              {`"` + marker, 400},
		"trailing data":                 {`1 "` + marker + `"`, 400},
		"a word in capitals":            {`NULL`, 400},
		"5,000 nested arrays":           {strings.Repeat("[", 5000) + strings.Repeat("]", 5000), 422},
		"5,000 open arrays":             {strings.Repeat("[", 5000), 400},
		"5,000 nested objects":          {strings.Repeat(`{"next":`, 5000) + "1" + strings.Repeat("}", 5000), 422},
		"1e400":                         {`1e400`, 422},
		"-1e400":                        {`-1e400`, 422},
		"a giant exponent":              {`1e999999999999999999`, 422},
		"400 digits":                    {strings.Repeat("9", 400), 422},
		"a fraction of 400 digits":      {"0.5" + strings.Repeat("3", 400) + "e9", 422},
		"NUL":                           {`"` + marker + `\u0000"`, 422},
		"a duplicate member":            {`{"name":"` + marker + `","name":"` + marker + `"}`, 422},
		"a duplicate member, escaped":   {`{"name":"` + marker + `","n\u0061me":"` + marker + `"}`, 422},
		"a case-folded member":          {`{"NAME":"` + marker + `"}`, 422},
		"a prototype":                   {`{"__proto__":{"admin":"` + marker + `"}}`, 422},
	}
}

// TestW09HostileValuesAreRefusedAndNeverRepeated puts each hostile value at each position. The answer is a located 4xx of the declared
// shape that does not repeat the value; the status is that of the kind: 400 for what is not JSON, 422 for what is.
func TestW09HostileValuesAreRefusedAndNeverRepeated(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, taking[everyPosition](t))
	for place, body := range positions() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			for name, h := range hostiles() {
				if fits(place, name) {
					continue
				}
				r := s.Post("/x", fmt.Sprintf(body, h.value))
				want := h.status
				if name == "nothing" && place == "the whole body" {
					want = 422 // no body at all: required
				}
				if r.Code != want {
					t.Errorf("%s: status %d, want %d: %s", name, r.Code, want, r.Body)
					continue
				}
				checkLocated(t, name, r)
			}
		})
	}
	s.Post("/x", `{}`).Status(204) // and it still stands
}

// fits are the few values that a position takes after all.
func fits(place, name string) bool {
	switch name {
	case "a fraction of 400 digits", "400 digits":
		return place == "member number" && name == "a fraction of 400 digits"
	case "a case-folded member", "a duplicate member", "a duplicate member, escaped", "a prototype":
		return place == "member map" && (name == "a case-folded member")
	}
	return false
}

func checkLocated(t *testing.T, name string, r *tenontest.Response) {
	t.Helper()
	if strings.Contains(string(r.Body), marker) {
		t.Errorf("%s: the answer repeats the value: %s", name, r.Body)
	}
	found := r.Problem(map[int]string{400: "bad-request", 422: "validation-failed"}[r.Code]).Into[faultList]().Errors
	if len(found) == 0 {
		t.Errorf("%s: the problem has no located fault", name)
	}
	for _, f := range found {
		if f.In != "body" || f.Code == "" || f.Message == "" || (f.Pointer != "" && f.Pointer[0] != '/') {
			t.Errorf("%s: the fault is %+v", name, f)
		}
	}
}

func TestBodiesWithMoreThanOneValue(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, taking[everyPosition](t))
	for _, tail := range []string{"{}", "x", ",", "]", "}", "null", "\x00", "//", "\ufeff", `{"text":"` + marker + `"}`} {
		checkLocated(t, "trailing "+tail, s.Post("/x", `{}`+tail).Status(400))
	}
	for _, head := range []string{"\ufeff", "\x00", "\v", "\u00a0", "while(1);", ")]}',\n"} {
		checkLocated(t, "leading "+head, s.Post("/x", head+`{}`).Status(400))
	}
	s.Post("/x", " \t\r\n{} \t\r\n").Status(204)
}

func TestHostileParameters(t *testing.T) {
	t.Parallel()
	type input struct {
		Text   tenon.Opt[string]    `query:"text" maxLength:"5"`
		Whole  tenon.Opt[int8]      `query:"whole"`
		Number tenon.Opt[float64]   `query:"number"`
		Time   tenon.Opt[time.Time] `query:"time"`
		List   tenon.Opt[[]int]     `query:"list"`
	}
	s := tenontest.New(t, taking[input](t))
	for query, want := range map[string]int{
		"text=" + marker:       422,
		"text=a%00b":           422,
		"text=%ff":             400,
		"text=%":               400,
		"text=%zz":             400,
		"text=a;b":             400,
		"whole=128":            422,
		"whole=1e2":            422,
		"whole=0x1":            422,
		"whole=１":              422,
		"whole=" + marker:      422,
		"number=NaN":           422,
		"number=Inf":           422,
		"number=-Infinity":     422,
		"number=1e400":         422,
		"number=0x1p4":         422,
		"number=1_0":           422,
		"time=2026-13-01":      422,
		"time=now":             422,
		"list=1&list=a":        422,
		"list=1,2":             422,
		"TEXT=a":               422,
		"text[]=a":             422,
		"text=a&text=b":        422,
		"__proto__[admin]=yes": 422,
		"=" + marker:           422,
	} {
		r := s.Post("/x?"+query, nil).Status(want)
		if strings.Contains(string(r.Body), marker) {
			t.Errorf("%s: the answer repeats the value: %s", query, r.Body)
		}
	}
	s.Post("/x?text=%20a%20&whole=-128&number=1e300&time=2026-11-26T10:00:00%2B07:00&list=1&list=2", nil).Status(204)
}

// TestPY17ManyFaultsAreBounded sends a body with more faults than an answer holds.
func TestPY17ManyFaultsAreBounded(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, taking[everyPosition](t))
	s.Post("/x", `{"list":[`+strings.Repeat(`"`+marker+`",`, 900)+`1]}`).Status(422).Faults(100)
	var members strings.Builder
	for i := range 900 {
		fmt.Fprintf(&members, `"m%d":1,`, i)
	}
	s.Post("/x", `{`+members.String()+`"text":""}`).Status(422).Faults(100)
}

// TestUndeclaredBoundsHold meets the limits that hold where a tag declares none.
func TestUndeclaredBoundsHold(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, taking[everyPosition](t))
	list := func(n int) string { return `{"list":[` + strings.Repeat("1,", n-1) + `1]}` }
	s.Post("/x", list(1000)).Status(204)
	s.Post("/x", list(1001)).Status(422).Fault("body", "/list", "maxItems")
	text := func(n int) string { return `{"text":"` + strings.Repeat("a", n) + `"}` }
	s.Post("/x", text(64<<10)).Status(204)
	s.Post("/x", text(64<<10+1)).Status(422).Fault("body", "/text", "maxLength")
	chain := func(n int) string {
		return `{"tree":` + strings.Repeat(`{"next":`, n-2) + `null` + strings.Repeat("}", n-2) + `}`
	}
	s.Post("/x", chain(33)).Status(204)
	s.Post("/x", chain(34)).Status(422)
}

// TestPanicsInChecksAre500 shows that a Validate method that panics ends its request and no other.
func TestPanicsInChecksAre500(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, taking[panicky](t))
	s.Post("/x", `{"a":1}`).Status(500).Problem("internal")
	s.Post("/x", `{"a":2}`).Status(204)
}

type panicky struct {
	A int `json:"a"`
}

// Validate panics for 1.
func (p panicky) Validate(context.Context) error {
	if p.A == 1 {
		panic(marker)
	}
	return nil
}
