package tenon_test

import (
	"fmt"
	"strings"
)

const disposition = `Content-Disposition: form-data; name="title"`

func mpHeaders() []mpCase {
	part := func(lines ...string) string { return mpPart("t", lines...) + mpEnd }
	raw := func(header string) string { return "--B\r\n" + header + "\r\n\r\nt\r\n" + mpEnd }
	many := func(n int) string {
		var lines []string
		for i := range n - 1 {
			lines = append(lines, fmt.Sprintf("X-%d: y", i))
		}
		return part(append(lines, disposition)...)
	}
	long := func(n int) string {
		return part("X: "+strings.Repeat("y", n-len(disposition)-len("\r\nX: ")), disposition)
	}
	return []mpCase{
		{"none", "", "--B\r\n\r\nt\r\n" + mpEnd, 400, " syntax", ""},
		{"no disposition", "", part("Content-Type: text/plain"), 400, " syntax", ""},
		{"a disposition of another kind", "", part(`Content-Disposition: attachment; name="title"`), 400, " syntax", ""},
		{"a disposition of a file", "", part(`Content-Disposition: file; name="title"`), 400, " syntax", ""},
		{"a disposition without a name", "", part(`Content-Disposition: form-data`), 400, " syntax", ""},
		{"a disposition with nothing but a file name", "", part(`Content-Disposition: form-data; filename="a"`), 400, " syntax", ""},
		{"two dispositions", "", part(disposition, disposition), 400, " syntax", ""},
		{"two dispositions in two cases", "", part(disposition, `content-disposition: form-data; name="size"`), 400, " syntax", ""},
		{"a name given twice", "", part(`Content-Disposition: form-data; name="title"; name="size"`), 400, " syntax", ""},
		{"a name given twice in two cases", "", part(`Content-Disposition: form-data; name="title"; NAME="size"`), 400, " syntax", ""},
		{"a file name given twice", "", part(`Content-Disposition: form-data; name="file"; filename="a"; filename="b"`), 400, " syntax", ""},
		{"a name that is not closed", "", part(`Content-Disposition: form-data; name="title`), 400, " syntax", ""},
		{"a name that is closed too early", "", part(`Content-Disposition: form-data; name="ti"tle"`), 400, " syntax", ""},
		{"a name of two tokens", "", part(`Content-Disposition: form-data; name=ti tle`), 400, " syntax", ""},
		{"a semicolon at the end", "", part(disposition + ";"), 400, " syntax", ""},
		{"two semicolons", "", part(`Content-Disposition: form-data;; name="title"`), 400, " syntax", ""},
		{"a parameter without a value", "", part(disposition + "; x"), 400, " syntax", ""},
		{"a parameter without a name", "", part(disposition + `; ="x"`), 400, " syntax", ""},
		{"a name without quotes", "", part(`Content-Disposition: form-data; name=title`), 200, "", `"t"`},
		{"no space before the name", "", part(`Content-Disposition:form-data;name="title"`), 200, "", `"t"`},
		{"spaces and tabs", "", part("Content-Disposition: \tform-data ;\t name=\"title\" "), 200, "", `"t"`},
		{"another case", "", part(`CONTENT-DISPOSITION: Form-Data; Name="title"`), 200, "", `"t"`},
		{"another parameter", "", part(disposition + `; size=1`), 200, "", `"t"`},
		{"a name by RFC 2231 alone", "", part(`Content-Disposition: form-data; name*=UTF-8''title`), 400, " syntax", ""},
		{"a name by RFC 2231 beside it", "", part(disposition + `; name*=UTF-8''size`), 200, "", `"t"`},
		{"a name by parts of RFC 2231", "", part(`Content-Disposition: form-data; name*0=ti; name*1=tle`), 400, " syntax", ""},
		{"other fields", "", part("Content-Length: 99999", "X-Y: z", disposition), 200, "", `"t"`},
		{"a transfer encoding of bytes", "", part(disposition, "Content-Transfer-Encoding: Binary"), 200, "", `"t"`},
		{"a transfer encoding in base64", "", part(disposition, "Content-Transfer-Encoding: base64"), 400, " syntax", ""},
		{"a transfer encoding in quoted-printable", "", part(disposition, "Content-Transfer-Encoding: quoted-printable"), 400, " syntax", ""},
		{"two content types", "", part(disposition, "Content-Type: text/plain", "Content-Type: text/html"), 400, " syntax", ""},
		{"an empty content type", "", part(disposition, "Content-Type: "), 400, " syntax", ""},
		{"a folded line", "", raw("Content-Disposition: form-data;\r\n name=\"title\""), 400, " syntax", ""},
		{"a line without a colon", "", part(disposition, "nonsense"), 400, " syntax", ""},
		{"a line without a name", "", part(disposition, ": x"), 400, " syntax", ""},
		{"a space before the colon", "", part(`Content-Disposition : form-data; name="title"`), 400, " syntax", ""},
		{"NUL in a line", "", part(disposition, "X: a\x00b"), 400, " syntax", ""},
		{"a bare CR in a line", "", part(disposition, "X: a\rb"), 400, " syntax", ""},
		{"a bare LF in a line", "", part(disposition, "X: a\nb"), 400, " syntax", ""},
		{"DEL in a line", "", part(disposition, "X: a\x7fb"), 400, " syntax", ""},
		{"Latin 1 in a line", "", part(disposition, "X: a\xe9b"), 400, " syntax", ""},
		{"a request line in the header", "", part(disposition, "GET / HTTP/1.1"), 400, " syntax", ""},
		{"20 lines", "", many(20), 200, "", `"t"`},
		{"21 lines", "", many(21), 400, " headers", ""},
		{"a thousand lines", "", many(1000), 400, " headers", ""},
		{"8 KiB", "", long(8 << 10), 200, "", `"t"`},
		{"a byte more than 8 KiB", "", long(8<<10 + 1), 400, " headers", ""},
		{"1 MiB", "", long(1 << 20), 400, " headers", ""},
		{"1 MiB without an end", "", "--B\r\n" + strings.Repeat("y", 1<<20), 400, " headers", ""},
	}
}

func mpNames() []mpCase {
	value := func(name string) string { return mpValue(name, "t") + mpEnd }
	cases := []mpCase{
		{"an empty one", "", value(""), 400, " syntax", ""},
		{"256 bytes", "", value(strings.Repeat("n", 256)), 422, "/" + strings.Repeat("n", 64) + "… unknown", ""},
		{"257 bytes", "", value(strings.Repeat("n", 257)), 400, " syntax", ""},
		{"a scalar given twice", "", mpValue("title", "a") + value("title"), 422, "/title duplicate", ""},
		{"a file given twice", "", mpFile("file", "a", "text/plain", "a") + mpFile("file", "b", "text/plain", "b") + mpEnd, 422, "/file duplicate", ""},
		{"a list given three times", "", mpValue("tag", "a") + mpValue("tag", "b") + value("tag"), 200, "", `"tags":3`},
		{"two files of a list", "", mpFile("docs", "a", "text/plain", "a") + mpFile("docs", "b", "text/plain", "b") + mpEnd, 200, "", `["a|text/plain|text/plain|a","b|`},
		{"three files of a list for two", "", strings.Repeat(mpFile("docs", "a", "text/plain", "a"), 3) + mpEnd, 422, "/docs maxItems", ""},
		{"a file for a value", "", mpFile("title", "a", "text/plain", "a") + mpEnd, 422, "/title type", ""},
		{"a value for a file", "", mpValue("file", "abc") + mpEnd, 200, "", `"||text/plain|abc"`},
	}
	for _, name := range []string{
		"Title", "TITLE", "title ", "title[]", "title[0]", "title.x", "tag[0]", "__proto__", "constructor", "../title", "%74itle", "tïtle", "_charset_", "title/", "~", "'; DROP TABLE x; --",
	} {
		cases = append(cases, mpCase{name, "", value(name), 422, "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name) + " unknown", ""})
	}
	return cases
}

func mpFileNames() []mpCase {
	var cases []mpCase
	for sent, name := range map[string]string{
		"a.png": "a.png", "../../etc/passwd": "passwd", `..\..\windows\win.ini`: "win.ini", "/etc/passwd": "passwd", `C:\x\a.png`: "a.png",
		`\\server\share\a.txt`: "a.txt", "..": "", ".": "", "...": "", "....//....//x": "x", "a/../../b": "b", "a.png/": "", `a.png\`: "-", `a/b\c`: "c",
		"%2e%2e%2fpasswd": "%2e%2e%2fpasswd", "..%2f..%2fx": "..%2f..%2fx", "%00": "%00", "a%00.png": "a%00.png", "é.txt": "é.txt", "😀.txt": "😀.txt",
		"／etc／passwd": "／etc／passwd", "con": "con", "a.txt:stream": "a.txt:stream", "a.txt::$DATA": "a.txt::$DATA", " a.txt": "a.txt", "a.txt ": "a.txt",
		"a.txt.": "a.txt", "a.txt. . .": "a.txt", ".htaccess": ".htaccess", "-rf": "-rf", "~/.ssh/id_rsa": "id_rsa", "$(id).txt": "$(id).txt", "`id`": "`id`",
		"a;b.txt": "a;b.txt", `a\"b.txt`: `a\"b.txt`, "<script>.png": "-", "file:///etc/passwd": "passwd", "http://x/y?z": "y?z", "a,b": "a,b", "=": "=",
		"${jndi:ldap://x/y}": "y}", "name.php.png": "name.php.png", strings.Repeat("n", 255): strings.Repeat("n", 255), strings.Repeat("d/", 500) + "x": "x",
	} {
		switch sent {
		case `a.png\`: // the backslash takes the quote: the name does not end
			cases = append(cases, mpCase{"a backslash at the end", "", mpFile("file", sent, "text/plain", "a") + mpEnd, 400, " syntax", ""})
		case "<script>.png":
			cases = append(cases, mpCase{sent, "", mpFile("file", sent, "text/plain", "a") + mpEnd, 200, "", `script`})
		case `a\"b.txt`:
			cases = append(cases, mpCase{"an escaped quote", "", mpFile("file", sent, "text/plain", "a") + mpEnd, 200, "", `["a\"b.txt|`})
		default:
			cases = append(cases, mpCase{sent, "", mpFile("file", sent, "text/plain", "a") + mpEnd, 200, "", `["` + name + "|"})
		}
	}
	for name, sent := range map[string]string{
		"256 bytes": strings.Repeat("n", 256), "text from right to left": "a\u202egnp.exe", "an isolate": "a\u2066b", "a control character of C1": "a\u0085b",
	} {
		cases = append(cases, mpCase{name, "", mpFile("file", sent, "text/plain", "a") + mpEnd, 422, "/file fileName", ""})
	}
	for name, sent := range map[string]string{
		"NUL": "a\x00.png", "LF": "a\nb", "CR and LF": "a\r\nX: y", "overlong UTF-8": "a\xc0\xafb", "Latin 1": "caf\xe9", "half a surrogate": "a\xed\xa0\x80", "a bare quote": `a"b`,
	} {
		cases = append(cases, mpCase{name, "", mpFile("file", sent, "text/plain", "a") + mpEnd, 400, " syntax", ""})
	}
	extended := func(name, parameters, seen string) mpCase {
		return mpCase{name, "", mpPart("a", `Content-Disposition: form-data; name="file"; `+parameters) + mpEnd, 200, "", seen}
	}
	return append(cases,
		extended("by RFC 2231 alone", `filename*=UTF-8''..%2f..%2fpasswd`, `["||`),
		extended("by RFC 2231 beside it", `filename="a.txt"; filename*=UTF-8''%2e%2e%2fb`, `["a.txt|`),
		extended("by parts of RFC 2231", `filename*0="../"; filename*1="x"`, `["||`),
		extended("without quotes", `filename=a.txt`, `["a.txt|`),
	)
}

func mpTypes() []mpCase {
	file := func(field, name, contentType, content string) string {
		return mpFile(field, name, contentType, content) + mpEnd
	}
	const html, script = "<!DOCTYPE html><script>alert(1)</script>", "#!/bin/sh\nrm -rf /\n"
	return []mpCase{
		{"a PNG", "", file("image", "a.png", "image/png", png), 200, "", "image/png|image/png|"},
		{"a PNG that declares nothing", "", file("image", "a.png", "application/octet-stream", png), 200, "", "application/octet-stream|image/png|"},
		{"a PNG without a name", "", file("image", "", "image/png", png), 200, "", `"|image/png|`},
		{"a JPEG in capitals", "", file("image", "A.JPG", "IMAGE/JPEG; q=1", "\xff\xd8\xff\xe0"), 200, "", "A.JPG|image/jpeg|image/jpeg|"},
		{"a PNG called a JPEG", "", file("image", "a.jpg", "image/jpeg", png), 422, "/image accept", ""},
		{"a PNG with the name of a page", "", file("image", "a.html", "image/png", png), 422, "/image accept", ""},
		{"a PNG with the name of a program", "", file("image", "a.png.php", "image/png", png), 422, "/image accept", ""},
		{"a GIF where none is taken", "", file("image", "a.gif", "image/gif", "GIF89a"), 422, "/image accept", ""},
		{"a page called a PNG", "", file("image", "a.png", "image/png", html), 422, "/image accept", ""},
		{"a script called a PNG", "", file("image", "a.png", "image/png", script), 422, "/image accept", ""},
		{"nothing called a PNG", "", file("image", "a.png", "image/png", ""), 422, "/image accept", ""},
		{"a page after the signature of a GIF", "", file("image", "a.png", "image/png", "GIF89a/*"+html), 422, "/image accept", ""},
		{"a vector image for a range", "", file("any", "a.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"), 422, "/any accept", ""},
		{"a page called a vector image", "", file("any", "a.svg", "image/svg+xml", html), 422, "/any accept", ""},
		{"a GIF for a range", "", file("any", "a.gif", "image/gif", "GIF89a"), 200, "", "image/gif|image/gif|"},
		{"a type of a vendor", "", file("any", "a.x", "application/vnd.x", "\x00\x01"), 200, "", "application/vnd.x|application/octet-stream|"},
		{"a page called a type of a vendor", "", file("any", "a.x", "application/vnd.x", html), 422, "/any accept", ""},
		{"a table", "", file("text", "a.csv", "text/csv", "a,b\n1,2\n"), 200, "", "text/csv|text/plain|"},
		{"text that declares nothing", "", file("text", "a.txt", "application/octet-stream", "a"), 200, "", "|text/plain|a"},
		{"a page called a table", "", file("text", "a.csv", "text/csv", html), 422, "/text accept", ""},
		{"an image called a table", "", file("text", "a.csv", "text/csv", png), 422, "/text accept", ""},
		{"an archive called text", "", file("text", "a.txt", "text/plain", "PK\x03\x04"), 422, "/text accept", ""},
		{"a type that cannot be read", "", file("file", "a", "image", "a"), 422, "/file mediaType", ""},
		{"a value in HTML", "", mpPart("t", disposition, "Content-Type: text/html") + mpEnd, 422, "/title mediaType", ""},
		{"a value in text", "", mpPart("t", disposition, "Content-Type: text/plain;charset=UTF-8") + mpEnd, 200, "", `"t"`},
		{"a value in ASCII", "", mpPart("t", disposition, "Content-Type: text/plain; charset=us-ascii") + mpEnd, 200, "", `"t"`},
		{"a value in Latin 1", "", mpPart("t", disposition, "Content-Type: text/plain; charset=iso-8859-1") + mpEnd, 422, "/title mediaType", ""},
		{"a value in JSON", "", mpPart("{}", disposition, "Content-Type: application/json") + mpEnd, 422, "/title mediaType", ""},
		{"a value that is not UTF-8", "", mpValue("title", "\xff") + mpEnd, 422, "/title type", ""},
		{"a value with NUL", "", mpValue("title", "a\x00") + mpEnd, 422, "/title nul", ""},
		{"a number that is none", "", mpValue("size", "1e3") + mpEnd, 422, "/size type", ""},
		{"a number with a line after it", "", mpValue("size", "1\r\n") + mpEnd, 422, "/size type", ""},
		{"a number", "", mpValue("size", "7") + mpEnd, 200, "", `"size":7`},
	}
}

func mpLimits() []mpCase {
	return []mpCase{
		{"as many parts as declared", "", strings.Repeat(mpValue("tag", "a"), 20) + mpEnd, 200, "", `"tags":20`},
		{"as many parts as there may be", "", strings.Repeat(mpValue("tag", "a"), 28) + mpEnd, 422, "/tag maxItems", ""},
		{"a part more", "", strings.Repeat(mpValue("tag", "a"), 29) + mpEnd, 400, " parts", ""},
		{"ten thousand parts", "", strings.Repeat(mpValue("x", "a"), 10_000) + mpEnd, 400, " parts", ""},
		{"a file of the size it may have", "", mpFile("file", "a", "text/plain", strings.Repeat("a", 100)) + mpEnd, 200, "", "aaa"},
		{"a file of a byte more", "", mpFile("file", "a", "text/plain", strings.Repeat("a", 101)) + mpEnd, 413, "/file maxBytes", ""},
		{"a file that goes to disk", "", mpFile("docs", "a", "text/plain", strings.Repeat("a", 65<<10)) + mpEnd, 200, "", "aaa"},
		{"a value of 80,000 bytes", "", mpValue("title", strings.Repeat("😀", 20_000)) + mpEnd, 200, "", "😀"},
		{"a value of a byte more", "", mpValue("title", strings.Repeat("😀", 20_000)+"a") + mpEnd, 422, "/title maxLength", ""},
		{"a value of 64 KiB and a byte without a rule", "", mpValue("tag", strings.Repeat("a", 64<<10+1)) + mpEnd, 422, "/tag maxLength", ""},
		{"values of more than 1 MiB together", "", strings.Repeat(mpValue("tag", strings.Repeat("a", 64<<10)), 17) + mpEnd, 413, "", ""},
		{"several faults", "", mpValue("size", "x") + mpValue("y", "1") + mpFile("image", "a.png", "image/png", "x") + mpEnd, 422, "/size type", ""},
	}
}
