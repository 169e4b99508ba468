//go:build unix

package tenon_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// costly takes a body of any length in each of its members.
type costly struct {
	Text    tenon.Opt[string]            `json:"text" transform:"trim,lower" pattern:"^[^x]*$" maxLength:"2000000"`
	Texts   tenon.Opt[[]string]          `json:"texts" uniqueItems:"true" transform:"collapse"`
	Numbers tenon.Opt[[]float64]         `json:"numbers" uniqueItems:"true"`
	Map     tenon.Opt[map[string]int]    `json:"map"`
	Any     any                          `json:"any,omitempty"`
	Raw     tenon.Opt[jsontext.Value]    `json:"raw"`
	Bytes   tenon.Opt[[]byte]            `json:"bytes"`
	Shapes  tenon.Opt[[]costlyShape]     `json:"shapes"`
	Inners  tenon.Opt[[]innerPosition]   `json:"inners" uniqueItems:"true"`
	Lists   tenon.Opt[[][][]bool]        `json:"lists"`
	Pairs   tenon.Opt[map[string][]bool] `json:"pairs"`
}

type costlyShape struct {
	_     struct{}     `discriminator:"kind"`
	Group *costlyGroup `variant:"group"`
}

type costlyGroup struct {
	Pad    tenon.Opt[string] `json:"pad"`
	Inside []costlyShape     `json:"inside"`
}

// costs are the kinds of input, as a request with about n bytes.
func costs() map[string]func(n int) (target, mediaType, body string) {
	member := func(name, begin, item, end string) func(int) (string, string, string) {
		return func(n int) (string, string, string) {
			var b strings.Builder
			for i := 0; b.Len() < n; i++ {
				if i > 0 {
					b.WriteByte(',')
				}
				if strings.Contains(item, "%d") {
					fmt.Fprintf(&b, item, i)
				} else {
					b.WriteString(item)
				}
			}
			return "/json", "application/json", `{"` + name + `":` + begin + b.String() + end + `}`
		}
	}
	text := func(unit string) func(int) (string, string, string) {
		return func(n int) (string, string, string) {
			return "/json", "application/json", `{"text":"` + strings.Repeat(unit, n/len(unit)) + `"}`
		}
	}
	form := func(target, mediaType, begin, unit, end string) func(int) (string, string, string) {
		return func(n int) (string, string, string) {
			return target, mediaType, begin + strings.Repeat(unit, n/len(unit)) + end
		}
	}
	const multiparts, head = "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n"
	return map[string]func(int) (string, string, string){
		"a text":                        text("a"),
		"a text of escapes":             text(`\u00e9`),
		"a text of letters that grow":   text("ẞ"),
		"a text that has to be refused": text("x"),
		"texts that differ":             member("texts", "[", `"a %d"`, "]"),
		"numbers that differ":           member("numbers", "[", "%d.5", "]"),
		"equal numbers":                 member("numbers", "[", "7", "]"),
		"a map":                         member("map", "{", `"k%d":1`, "}"),
		"a map of one name":             member("map", "{", `"k":1`, "}"),
		"any JSON":                      member("any", "[", `{"a%d":[1.5,"x",null]}`, "]"),
		"an object as any JSON":         member("any", "{", `"k%d":1`, "}"),
		"JSON as its text":              member("raw", "{", `"k%d":[]`, "}"),
		"base64": func(n int) (string, string, string) {
			return "/json", "application/json", `{"bytes":"` + strings.Repeat("QUJD", n/4) + `"}`
		},
		"unions, told at their end": member("shapes", "[", `{"inside":[{"inside":[],"pad":"%d","kind":"group"}],"kind":"group"}`, "]"),
		"unions that are none":      member("shapes", "[", `{"inside":[],"kind":"%d"}`, "]"),
		"objects that differ":       member("inners", "[", `{"name":"%d"}`, "]"),
		"lists within lists":        member("lists", "[", `[[true],[]]`, "]"),
		"members that are unknown":  member("other", "[", `{"a":1}`, "]"),
		"white space": func(n int) (string, string, string) {
			return "/json", "application/json", strings.Repeat(" ", n) + "{}"
		},
		"brackets":                      func(n int) (string, string, string) { return "/json", "application/json", strings.Repeat("[", n) },
		"a urlencoded field":            form("/fields", "application/x-www-form-urlencoded", "text=", "a", ""),
		"escapes in a urlencoded field": form("/fields", "application/x-www-form-urlencoded", "text=", "%C3%A9", ""),
		"pairs of one name":             form("/fields", "application/x-www-form-urlencoded", "text=a", "&list=a", ""),
		"pairs that are unknown":        form("/fields", "application/x-www-form-urlencoded", "text=a", "&x=a", ""),
		"a part":                        form("/form", multiparts, fmt.Sprintf(head, "text", ""), "a", "\r\n--b--\r\n"),
		"many parts":                    form("/form", multiparts, fmt.Sprintf(head, "text", "")+"a\r\n", fmt.Sprintf(head, "list", "")+"a\r\n", "--b--\r\n"),
		"a part that nearly ends":       form("/form", multiparts, fmt.Sprintf(head, "text", ""), "\r\n--a", "\r\n--b--\r\n"),
		"a file":                        form("/form", multiparts, fmt.Sprintf(head, "file", `; filename="a"`), "\r\n--", "\r\n--b--\r\n"),
		"a part in JSON":                form("/form", multiparts, fmt.Sprintf(head, "part", "\r\nContent-Type: application/json")+`{"any":[1`, ",1", "]}\r\n--b--\r\n"),
		"a text as it is":               form("/text", "text/plain", "", "é", ""),
		"bytes as they are":             form("/bytes", "application/zip", "", "a", ""),
		"a stream":                      form("/stream", "application/zip", "", "a", ""),
		"a further media type":          form("/json", "application/vnd.x", `{"text":"`, "a", `"}`),
	}
}

// TestCostGrowsLinearlyWithTheBody compares bodies of 16 KiB and 1 MiB of every kind of input: what they claim of memory, and of processor
// time at the best of several tries, with room for what a larger heap costs. A cost that grows with the square would be 64 times as much.
//
//nolint:paralleltest // what is allocated is counted for the whole program
func TestCostGrowsLinearlyWithTheBody(t *testing.T) {
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler), Limits: tenon.Limits{
		Body: 4 << 20, Items: 1e7, Total: 1e8, StringBytes: 4 << 20, QueryPairs: 1e7, Form: tenon.FormLimits{Parts: 1e7},
	}})
	same := func(text []byte) ([]byte, error) { return bytes.Clone(text), nil }
	app.Codec("application/vnd.x", tenon.Codec{ToJSON: same})
	app.Post("/json", given[costly, tenon.NoContent](), tenon.Decompress("gzip"))
	app.Post("/form", given[struct {
		Text tenon.Opt[string]       `form:"text"`
		List tenon.Opt[[]string]     `form:"list"`
		File tenon.Opt[tenon.Upload] `form:"file"`
		Part tenon.Opt[costly]       `form:"part"`
	}, tenon.NoContent]())
	app.Post("/fields", given[struct {
		Text tenon.Opt[string]   `form:"text"`
		List tenon.Opt[[]string] `form:"list"`
	}, tenon.NoContent]())
	app.Post("/text", given[struct {
		Body string `body:"text/plain"`
	}, tenon.NoContent]())
	app.Post("/bytes", given[struct {
		Body []byte `body:"application/zip"`
	}, tenon.NoContent]())
	app.Post("/stream", func(_ context.Context, in *struct {
		Body io.Reader `body:"application/zip"`
	},
	) (*tenon.NoContent, error) {
		_, err := io.Copy(io.Discard, in.Body)
		return nil, err
	})
	const small, large = 16 << 10, 1 << 20
	for name, kind := range costs() {
		for _, zipped := range []bool{false, true} {
			target, mediaType, one := kind(small)
			_, _, many := kind(large)
			if zipped && name != "any JSON" {
				continue
			}
			was, is := costOf(t, app, 4, target, mediaType, one, zipped), costOf(t, app, 1, target, mediaType, many, zipped)
			if most := 8 * (large / small) * max(was.bytes, small); is.bytes > most {
				t.Errorf("%s (gzip %v): 1 MiB claims %d bytes, 16 KiB %d", name, zipped, is.bytes, was.bytes)
			}
			if most := 12 * (large / small) * max(was.time, 50*time.Microsecond); is.time > most {
				t.Errorf("%s (gzip %v): 1 MiB takes %v, 16 KiB %v", name, zipped, is.time, was.time)
			}
		}
	}
}

// cost is what a request takes.
type cost struct {
	bytes int64
	time  time.Duration
}

// costOf is the least that a request costs, on average over so many.
func costOf(t *testing.T, app http.Handler, times int, target, mediaType, body string, zipped bool) cost {
	t.Helper()
	if zipped {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := io.WriteString(w, body); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		body = b.String()
	}
	best := cost{1 << 60, 1 << 60}
	for range 3 {
		var all cost
		for range times {
			r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
			r.Header.Set("Content-Type", mediaType)
			if zipped {
				r.Header.Set("Content-Encoding", "gzip")
			}
			w := httptest.NewRecorder()
			before := spent(t)
			app.ServeHTTP(w, r)
			after := spent(t)
			if w.Code != http.StatusNoContent && w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
				t.Fatalf("%s: %d: %s", target, w.Code, w.Body)
			}
			all = cost{all.bytes + after.bytes - before.bytes, all.time + after.time - before.time}
		}
		best = cost{min(best.bytes, all.bytes/int64(times)), min(best.time, all.time/time.Duration(times))}
	}
	return best
}

// spent is what the program has claimed so far.
func spent(t *testing.T) cost {
	t.Helper()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return cost{int64(memory.TotalAlloc), time.Duration(usage.Utime.Nano() + usage.Stime.Nano())}
}
