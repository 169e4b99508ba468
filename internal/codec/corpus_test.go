package codec_test

import (
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/codec"
)

// refused are texts that are not JSON, made systematically: every rule of RFC 8259 broken at every place where it holds, and
// the demands of RFC 7493 on Unicode.
func refused() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }

	values := []string{ // none is a JSON value
		"nul", "nulll", "NULL", "Null", "tru", "truee", "True", "TRUE", "fals", "falsee", "False", "nan", "NaN", "-NaN", "Infinity", "-Infinity",
		"inf", "undefined", "None", "+1", "++1", "--1", "-", "-a", "- 1", "01", "-01", "00", "1.", "-1.", "1.e1", ".5", "-.5", "1e", "1e+", "1e-",
		"1E", "0e", "0.", "0.e1", "1.5.6", "1e5.6", "1e1e1", "1_000", "1,000.5e", "0x1F", "0b1", "0o7", "1f", "1n", "１", "1a", "1 2", "'a'", "`a`", "a",
		"abc", "$", "@", "#", "//", "/**/1", "1/**/", "1//x", "1#x", "(1)", "<1>", "=1", "?", "*", "\\u0031", "\\", "{]", "[}", "{,}", "[,]",
		"[1,]", "[,1]", "[1,,2]", "[1 2]", "[1:2]", "[1;2]", "[\"a\":1]", "[1}", "[[]", "[]]", "[1,2", "[1,", "[", "]", "{", "}", "[\"a\"", "[\"a", ",", ":",
		`{"a"}`, `{"a":}`, `{"a" 1}`, `{"a":1,}`, `{,"a":1}`, `{"a":1,,"b":2}`, `{"a":1 "b":2}`, `{"a":1;"b":2}`, `{"a"::1}`, `{"a":1:2}`, `{a:1}`, `{'a':1}`,
		`{1:1}`, `{null:1}`, `{true:1}`, `{[]:1}`, `{{}:1}`, `{"a":1`, `{"a":`, `{"a"`, `{"a`, `{"a":1]`, `{"a":1}}`, `{"a",1}`, `{"a":1,"b"}`, `{:1}`, `{"a":"b}`,
		`"`, `"a`, `"\"`, `"\`, `"\x41"`, `"\a"`, `"\v"`, `"\0"`, `"\'"`, `"\U00e9"`, `"\u"`, `"\u1"`, `"\u12"`, `"\u123"`, `"\u123g"`, `"\u 123"`, `"\u{41}"`, `"\u+123"`,
		`"\uD800"`, `"\uDBFF"`, `"\uDC00"`, `"\uDFFF"`, `"\uD800\u0041"`, `"\uD800\uD800"`, `"\uDC00\uD800"`, `"\uD800x"`, `"\uD800\n"`, `"\uD800\u"`, `"\uD800\uDC0"`, `"\uD834\uDD"`, `"x\uDD1Ex"`,
		`"a"b"`, `"a" "b"`, `""a`, `"\ud800\\u0041"`,
	}
	for c := range byte(0x20) { // unescaped control characters
		values = append(values, fmt.Sprintf("\"a%cb\"", c))
	}
	for _, ill := range []string{ // UTF-8 by the table of Unicode, section 3.9
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe1\x80", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\xe9", "\xf0\x9f\x98",
	} {
		values = append(values, "\""+ill+"\"", "\"abcdefgh"+ill+"ijkl\"")
	}
	for _, v := range values {
		add("%s", v)
		add(`{"name":%s}`, v)
		add(`[%s]`, v)
		add(`{"unknown":[{"x":%s}],"name":"a"}`, v)
	}
	for _, names := range values { // in the place of a name
		if strings.HasPrefix(names, `"`) {
			add(`{%s:1}`, names)
		}
	}
	for _, space := range []string{"\v", "\f", "\u00a0", "\u2028", "\u3000", "\ufeff", "\x00", "\x1f", "\u0085", "\u200b"} {
		add("%s{}", space)
		add("{}%s", space)
		add("{%s}", space)
		add(`{"age"%s:1}`, space)
		add(`[1%s,2]`, space)
	}
	for _, tail := range []string{"{}", "[]", "1", `"x"`, "null", ",", "}", "]", ":", "x", "\x00", "//", "/**/", "#", ";", "\\n", "\xff", "EOF"} {
		add(`{"age":1}%s`, tail)
		add("[] \n%s", tail)
		add("1 %s", tail)
	}
	add("")
	add(" \t\r\n ")
	add("\ufeff{}")
	add("\xff\xfe{\x00}\x00")
	add("\xfe\xff\x00{\x00}")
	add("\x00{}")
	whole := `{"a":[true,false,null,-1.5e+3,"x\né\ud83d\ude00"],"b":{}}`
	for i := range len(whole) { // every beginning of a document
		add("%s", whole[:i])
	}
	return out
}

// TestRefusesWhatIsNotJSON decodes each text of the corpus as several types, so that it is met in the place of a value, of a
// wrongly typed one and of one that is skipped. The standard library judges the corpus itself.
func TestRefusesWhatIsNotJSON(t *testing.T) {
	t.Parallel()
	corpus := refused()
	if len(corpus) < 188+35 {
		t.Errorf("the corpus has %d texts", len(corpus))
	}
	for _, text := range corpus {
		if jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true)) {
			t.Errorf("%q is JSON", text)
		}
	}
	corpusOf[user](t, corpus)
	corpusOf[string](t, corpus)
	corpusOf[float64](t, corpus)
	corpusOf[bool](t, corpus)
	corpusOf[[]int64](t, corpus)
	corpusOf[map[string]string](t, corpus)
	corpusOf[jsontext.Value](t, corpus)
	corpusOf[*tree](t, corpus)
}

func corpusOf[T any](t *testing.T, corpus []string) {
	t.Helper()
	p := plan[T](t, codec.Limits{})
	for _, text := range corpus {
		_, faults := decode[T](t, p, text)
		if !strings.HasPrefix(faults, "error: ") || !strings.Contains(faults, " at byte ") {
			t.Errorf("%T: %q: got %q, want a refusal with its place", *new(T), text, faults)
		}
	}
}

func TestAcceptsWhatIsJSON(t *testing.T) {
	t.Parallel()
	p := plan[jsontext.Value](t, codec.Limits{Items: 5001})
	for _, text := range []string{
		"0", "-0", "1.0", "-1.5e+3", "1E400", "0e0", "10", `""`, `"\u0001"`, `"\/"`, `"é"`, `"\uD834\uDD1E"`, `"` + "\u007f" + `"`, `"` + "\U0010ffff\ufeff\ufffe" + `"`,
		"true", "false", "null", "[]", "{}", "[[]]", `{"":{}}`, `[1,"a",null,true,{"a":[]}]`, " \t\r\n[ \n1 \t, 2\r]\n", `{ "a" : 1 , "b" : 2 }`,
		`{"a":1,"A":2}`, "[" + strings.Repeat("1,", 5000) + "1]", strings.Repeat("[", 32) + strings.Repeat("]", 32),
	} {
		got, faults := decode[jsontext.Value](t, p, text)
		if faults != "" || string(got) != strings.Trim(text, " \t\r\n") {
			t.Errorf("%q: got %q and %q", text, got, faults)
		}
	}
}

func TestRefusalsSayWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                    " the body is empty at byte 0",
		"  ":                                  " the body is empty at byte 2",
		"\ufeff{}":                            " unexpected byte order mark at byte 0",
		`{"name":"a"} x`:                      " unexpected data after the value at byte 13",
		`{"name":"a`:                          "/name the text ends too early at byte 10",
		`{"name":NaN}`:                        "/name unexpected character at byte 8",
		`{"name":"é` + "\xff" + `"}`:          "/name ill-formed UTF-8 at byte 11",
		`{"name":"\ud800"}`:                   "/name surrogate without its pair in a string at byte 9",
		`{"name":"a` + "\n" + `"}`:            "/name unescaped control character in a string at byte 10",
		`{"name":"\x"}`:                       "/name unknown escape sequence in a string at byte 9",
		`{"age":1.}`:                          "/age unfinished number at byte 9",
		`{"age":1,}`:                          " unexpected character at byte 9",
		`{"more":[{"a":tru}]}`:                "/more unexpected character at byte 17",
		`{"name":7,"email":7,"age":[}`:        "/age unexpected character at byte 27",
		`{"a/b":[1 2]}`:                       "/a~1b unexpected character at byte 10",
		`{"` + strings.Repeat("x", 99) + `":`: "/" + strings.Repeat("x", 64) + "… the text ends too early at byte 103",
	} {
		if _, faults := decode[user](t, plan[user](t, codec.Limits{}), text); faults != "error: "+want {
			t.Errorf("%q: got %q, want %q", text, faults, want)
		}
	}
}
