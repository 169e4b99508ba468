package tenon_test

import (
	"io"
	"os"
	"strings"
	"testing/iotest"
)

// refusals are the requests of the golden file.
func refusals() []refusal {
	return append(bodyRefusals(), append(requestRefusals(), formRefusals()...)...)
}

func jsonTo(target, name, body string) refusal {
	return refusal{name: name, target: target, header: "Content-Type: application/json", body: body}
}

// bodyRefusals are JSON bodies.
func bodyRefusals() []refusal {
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	list := []refusal{jsonTo("POST /needed", "nothing in the place of a body", ""), jsonTo("POST /needed", "a member that is missing", `{}`)}
	for _, tt := range [][2]string{
		{"null", `{"flag":null}`},
		{"text too short", `{"length":"a","name":""}`},
		{"text too long", `{"length":"abcde"}`},
		{"text beyond the limit that no word says", `{"pattern":"` + strings.Repeat("a", 70_000) + `"}`},
		{"NUL in a text", `{"length":"a\u0000"}`},
		{"a pattern", `{"pattern":"b"}`},
		{"an enum of texts", `{"colour":"blue"}`},
		{"an enum of one number", `{"answer":41}`},
		{"an enum of many", `{"digit":"?"}`},
		{"below the minimum", `{"closed":0}`},
		{"above the maximum", `{"closed":10}`},
		{"at an exclusive minimum", `{"opened":0}`},
		{"at an exclusive maximum", `{"opened":1}`},
		{"not a multiple", `{"even":3}`},
		{"outside of int8", `{"small":128}`},
		{"outside of uint8", `{"natural":-1}`},
		{"outside of float32", `{"single":1e39}`},
		{"a fraction in the place of an integer", `{"small":1.5}`},
		{"a decimal below its minimum", `{"exact":0}`},
		{"a decimal at its exclusive maximum", `{"exact":10}`},
		{"a decimal with too many places", `{"exact":0.001}`},
		{"a decimal that its type cannot hold", `{"exact":1.23000000}`},
		{"a decimal that is too long", `{"exact":` + strings.Repeat("1", 5000) + `}`},
		{"types that are wrong", `{"length":1,"small":"x","single":"x","exact":"x","flag":1,"items":{},"pair":1,"map":[],"inner":[],"choice":[],"only":1}`},
		{"no items", `{"items":[],"map":{}}`},
		{"too many items", `{"items":[1,2,3],"map":{"a":1,"b":2}}`},
		{"too many members for the limit that no word says", `{"many":{` + members(1001) + `}}`},
		{"a name of a member that is too long", `{"many":{"` + strings.Repeat("a", 70_000) + `":true}}`},
		{"items that are equal", `{"items":[1,1]}`},
		{"an array that is too short", `{"pair":[1]}`},
		{"an array that is too long", `{"pair":[1,2,3]}`},
		{"a member given twice", `{"closed":1,"closed":1,"many":{"a":true,"a":true},"any":{"a":1,"a":1},"own":{"a":1,"a":1}}`},
		{"a member that is unknown", `{"other":1}`},
		{"a name in another case", `{"CLOSED":1}`},
		{"a member that is read-only", `{"id":1}`},
		{"nested too deep", `{"any":` + deep + `}`},
		{"a type that reads JSON itself", `{"own":1}`},
		{"any JSON, with a number too large and NUL in a name", `{"free":{"a":1e400,"b\u0000":1}}`},
		{"more items in all than a body may have", `{"table":[` + strings.Repeat("["+strings.Repeat("1,", 499)+"1],", 249) + `[]]}`},
		{"texts that become too long", `{"swollen":["aa",` + strings.Repeat(`"a",`, 17) + `"a"]}`},
		{"a time that is none", `{"time":"now"}`},
		{"a time outside of RFC 3339", `{"time":"0000-01-01T00:00:00+01:00"}`},
		{"forms of types", `{"date":"2026-02-30","uuid":"x","base64":"*","text":"xyz"}`},
		{"durations", `{"duration":"x"}`},
		{"a duration that is too long", `{"duration":"P1000000D"}`},
		{"formats", `{"email":"x","hostname":"-","uri":"x","reference":" ","ipv4":"x","ipv6":"x","pointer":"x","relative":"x","regex":"(","clock":"x","span":"x","day":"x",` +
			`"moment":"x","key":"x"}`},
		{"formats that JSON Schema has not", `{"url":"ftp://a.b","network":"192.0.2.1/24","phone":"070123","card":"4242424242424241","country":"XX","currency":"XXX","ulid":"8","mac":"x",` +
			`"release":"v1"}`},
		{"a union without its member", `{"choice":{"lives":9}}`},
		{"a union of another kind", `{"choice":{"kind":"cow"},"only":{"kind":"cow"}}`},
		{"a union whose member is null", `{"choice":{"kind":null}}`},
		{"a union whose member is no text", `{"choice":{"kind":1}}`},
		{"a rule across fields", `{"crossed":{"from":2,"to":1}}`},
		{"a rule that says nothing", `{"crossed":{"from":9,"to":1}}`},
		{"all faults at once", `{"length":"a","closed":0,"inner":{},"items":[1,"x",1],"other":1}`},
		{"an unfinished text", `{"closed":1`},
		{"no value", `{"closed":}`},
		{"data after the value", `{} {}`},
		{"an unfinished number", `{"closed":1.}`},
		{"a byte order mark", "\ufeff{}"},
		{"UTF-8 that is none", "{\"length\":\"\xff\"}"},
		{"a control character", "{\"length\":\"a\tb\"}"},
		{"an escape that is none", `{"length":"\x41"}`},
		{"half of a surrogate pair", `{"length":"\ud800"}`},
		{"only white space", ` `},
		{"too large", `{"length":"` + strings.Repeat("a", 300_000) + `"}`},
	} {
		list = append(list, jsonTo("POST /body", tt[0], tt[1]))
	}
	return list
}

func members(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)) + `":true`)
	}
	return b.String()
}

// requestRefusals are about everything but a body that is read.
func requestRefusals() []refusal {
	const ok = "X-Needed: x"
	get := func(name, target, header string) refusal {
		return refusal{name: name, target: "GET /parameters/" + target, header: header}
	}
	return []refusal{
		{name: "a path that nothing has", target: "GET /nowhere"},
		{name: "a method that the path does not have", target: "DELETE /body"},
		{name: "a target that is too long", target: "GET /" + strings.Repeat("a", 9000)},
		{name: "a page beyond those that are served", target: "GET /pages?page=1000"},
		get("a path that is no integer", "x", ok),
		get("a header that is missing", "1", ""),
		get("a header given twice", "1", "X-Needed: a\nX-Needed: b"),
		get("a header that is no HTTP date", "1", ok+"\nX-Since: yesterday"),
		get("a header that is not UTF-8", "1", "X-Needed: \xff"),
		get("parameters of the wrong type", "1?flag=x&number=x&small=x&natural=x&exact=x", ok),
		get("parameters out of range", "1?number=1e400&small=128&natural=256", ok),
		get("a decimal that is too long", "1?exact="+strings.Repeat("1", 5000), ok),
		get("a parameter given twice", "1?text=a&text=b", ok),
		get("a parameter that is unknown", "1?other=1", ok),
		get("a list that is too long", "1?many=1,2,3,4", ok),
		get("an object's member given twice", "1?deep[name]=a&deep[name]=b", ok),
		get("an object's member that is unknown", "1?deep[other]=a", ok),
		get("an object in another form", "1?deep=a", ok),
		get("an object that is nested", "1?map[a][b]=c", ok),
		get("a bad escape in the query", "1?text=%zz", ok),
		get("a semicolon in the query", "1?text=a;b", ok),
		get("a query that is not UTF-8", "1?text=%ff", ok),
		get("too many pairs in the query", "1?"+strings.Repeat("a=1&", 9), ok),
		get("a cookie that cannot be read", "1", ok+"\nCookie: theme"),
		get("a cookie of letters that none has", "1", ok+"\nCookie: theme=a\"b"),
		get("too many cookies", "1", ok+"\nCookie: "+strings.Repeat("a=1; ", 4)+"a=1"),
		{name: "an Accept that nothing meets", target: "GET /pages", header: "Accept: text/html"},
		{name: "no Content-Type", target: "POST /body", body: "{}"},
		{name: "another Content-Type", target: "POST /body", header: "Content-Type: text/plain", body: "{}"},
		{name: "another charset", target: "POST /body", header: "Content-Type: application/json; charset=latin1", body: "{}"},
		{name: "a coding that is not read", target: "POST /needed", header: "Content-Type: application/json\nContent-Encoding: gzip", body: "{}"},
		{name: "another coding", target: "POST /body", header: "Content-Type: application/json\nContent-Encoding: br", body: "{}"},
		{name: "gzip that is none", target: "POST /body", header: "Content-Type: application/json\nContent-Encoding: gzip", body: "{}"},
		{name: "a patch of another type", target: "PATCH /merge", header: "Content-Type: application/json-patch+json", body: "[]"},
		{name: "a body that its codec cannot read", target: "POST /body", header: "Content-Type: application/vnd.lines", body: "{}"},
		{name: "a body that its codec makes too large", target: "POST /body", header: "Content-Type: application/vnd.lines", body: strings.Repeat(" ", 10_000) + "\n"},
		{name: "a stream that is too large", target: "POST /stream", header: "Content-Type: text/plain", body: "012345678"},
		{
			name: "a body that ends early", target: "POST /body", header: "Content-Type: application/json",
			from: io.MultiReader(strings.NewReader("{"), iotest.ErrReader(io.ErrUnexpectedEOF)),
		},
		{
			name: "a body that does not arrive in time", target: "POST /body", header: "Content-Type: application/json",
			from: io.MultiReader(strings.NewReader("{"), iotest.ErrReader(os.ErrDeadlineExceeded)),
		},
		{name: "a range that the file does not have", target: "GET /file", header: "Range: bytes=20-"},
		{name: "a file that was changed", target: "GET /file", header: "If-Match: \"2\""},
		{name: "a state that is not named", target: "PUT /guarded"},
		{name: "a state that is gone", target: "PUT /guarded", header: "If-Match: \"1\""},
		{name: "a format that is none", target: "GET /picked?format=xml"},
		{name: "a format given twice", target: "GET /picked?format=json&format=json"},
		{name: "two formats", target: "GET /picked.json?format=lines"},
		{name: "nothing that is ruled out", target: "PUT /created"},
		{name: "a state that is ruled out", target: "PUT /created", header: "If-None-Match: *"},
		{name: "neither condition", target: "PUT /either"},
		{name: "a tag that is none", target: "PUT /guarded", header: "If-Match: 1"},
		{name: "an answer that was changed", target: "GET /tagged", header: "If-Match: \"2\""},
	}
}

// formRefusals are forms. The boundary is b.
func formRefusals() []refusal {
	const part = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n"
	multipart := func(name, body string) refusal {
		return refusal{name: name, target: "POST /form", header: "Content-Type: multipart/form-data; boundary=b", body: body}
	}
	photo := func(header, content string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=" + header + "\r\n\r\n" + content + "\r\n--b--\r\n"
	}
	fields := func(name, body string) refusal {
		return refusal{name: name, target: "POST /fields", header: "Content-Type: application/x-www-form-urlencoded", body: body}
	}
	with := func(header string) string { return "--b\r\n" + header + "\r\n\r\nx\r\n--b--\r\n" }
	return []refusal{
		fields("a field that is unknown", "other=1"),
		fields("a field given twice", "name=a&name=b"),
		fields("a field with a bad escape", "name=%zz"),
		fields("too many fields", strings.Repeat("a=1&", 9)),
		multipart("a part of a field that is too long", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n"+strings.Repeat("a", 70_000)+"\r\n--b--\r\n"),
		{name: "no boundary", target: "POST /form", header: "Content-Type: multipart/form-data", body: part + "--b--\r\n"},
		multipart("another beginning", "x"+part+"--b--\r\n"),
		multipart("a line that begins with the boundary", "--bx\r\n"),
		multipart("data after the last boundary", part+"--b--\r\nx"),
		multipart("no last boundary", part),
		multipart("too many parts", strings.Repeat(part, 4)+"--b--\r\n"),
		multipart("a part without a header", "--b\r\n\r\nx\r\n--b--\r\n"),
		multipart("a part with a long header", with("Content-Disposition: form-data; name=\"name\"\r\nX-Long: "+strings.Repeat("a", 200))),
		multipart("a part with many header lines", with("Content-Disposition: form-data; name=\"name\"\r\nX-A: 1\r\nX-B: 1\r\nX-C: 1")),
		multipart("a header line that cannot be read", with("Content-Disposition form-data")),
		multipart("a disposition that cannot be read", with("Content-Disposition: attachment")),
		multipart("a part without a name", with("Content-Type: text/plain")),
		multipart("a file in the place of a value", "--b\r\nContent-Disposition: form-data; name=\"age\"; filename=\"a\"\r\n\r\n1\r\n--b--\r\n"),
		multipart("a value of another type", with("Content-Disposition: form-data; name=\"name\"\r\nContent-Type: image/png")),
		{
			name: "a part of another type", target: "POST /parts", header: "Content-Type: multipart/form-data; boundary=b",
			body: "--b\r\nContent-Disposition: form-data; name=\"inner\"\r\nContent-Type: text/plain\r\n\r\n{}\r\n--b--\r\n",
		},
		multipart("a file name that is none", photo("\"a\u202egnp.exe\"", "x")),
		multipart("a file of a type that cannot be read", photo("\"a\"\r\nContent-Type: png", "x")),
		multipart("a file of another type", photo("\"a.txt\"", "x")),
		multipart("an image whose header cannot be read", photo("\"a.png\"", "\x89PNG\r\n\x1a\n")),
		multipart("an image of too many pixels", photo("\"a.png\"", pngHeader(7, 1))),
		multipart("a file that is too large", photo("\"a.png\"", "\x89PNG\r\n\x1a\n"+strings.Repeat("x", 64))),
	}
}
