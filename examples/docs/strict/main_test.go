package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// probe is one row of the page: what is sent, what a clean answer is, and what others answered to the same.
type probe struct {
	name   string
	ask    func(*client) string
	want   string
	others string // FastAPI 0.162 | DRF 3.18.3 | Litestar 2.24 | Ninja 1.7.1
}

const (
	payment = `{"amount":1,"note":"zqx"}`
	jsonIs  = "application/json"
)

func probes() []probe {
	return []probe{
		{"HEAD on a GET route", func(c *client) string { return c.send("HEAD", "/files/a", "", "").status }, "200", "405 | 200 | 405 | 405"},
		{"Allow on 405 is the union", func(c *client) string {
			a := c.send("PUT", "/files/a", "", "")
			return a.status + " " + a.header.Get("Allow")
		}, "405 DELETE, GET, HEAD, OPTIONS", "no | yes | yes | yes"},
		{"OPTIONS without CORS", func(c *client) string {
			a := c.send("OPTIONS", "/files/a", "", "")
			return a.status + " " + a.header.Get("Allow")
		}, "204 DELETE, GET, HEAD, OPTIONS", "405 | 200 with metadata | 204 with Allow | 405"},
		{"an encoded slash inside one segment", func(c *client) string {
			a := c.send("GET", "/files/a%2Fb", "", "")
			return a.status + " " + a.body
		}, `200 {"name":"a/b"}`, "404 | 404 | 404 | 404"},
		{"1e400 and NaN in a validated member", func(c *client) string {
			return c.send("POST", "/payments", jsonIs, `{"amount":1e400,"note":""}`).status + ", " +
				c.send("POST", "/payments", jsonIs, `{"amount":NaN,"note":""}`).status
		}, "422, 400", "**500** | 400 | 400 | 422"},
		{"a duplicate member", func(c *client) string {
			return c.send("POST", "/payments", jsonIs, `{"amount":1,"amount":2,"note":""}`).status
		}, "422", "last wins | last wins | last wins | last wins"},
		{"data after the JSON", func(c *client) string { return c.send("POST", "/payments", jsonIs, payment+"x").status }, "400", "422 | 400 | 400 | 400"},
		{"JSON sent as text/plain", func(c *client) string { return c.send("POST", "/payments", "text/plain", payment).status }, "415",
			"422 | 415 | **accepted** | **accepted**"},
		{"the report of faults repeats the body", func(c *client) string {
			a := c.send("POST", "/payments", jsonIs, `{"amount":"zqx","note":"`+strings.Repeat("zqx", 9)+`","zqx":1}`)
			return a.status + " " + map[bool]string{true: "yes", false: "no"}[strings.Contains(strings.ReplaceAll(a.body, `"/zqx"`, ""), "zqx")]
		}, "422 no", "**yes** | no | no | no"},
		{"a malformed body without credentials", func(c *client) string { return c.send("POST", "/guarded", jsonIs, `{"amount`).status }, "401",
			"**422** | 401 | 401 | 401"},
		{"a failure that nobody mapped", func(c *client) string { return c.send("DELETE", "/files/a", "", "").problem() }, "500 problem",
			"500 text/plain | 500 HTML | 500 JSON | 500 HTML"},
		{"an unknown URL", func(c *client) string { return c.send("GET", "/nowhere", "", "").problem() }, "404 problem",
			"404 JSON | 404 HTML | 404 JSON | 404 HTML"},
		{"a JSON body of 20 MB", func(c *client) string { return c.announce("/payments", 20_000_000).problem() + ", unread" }, "413 problem, unread", "read whole | 400 HTML | 413 | 400 HTML"},
		{"weights in Accept", func(c *client) string {
			return c.accept("application/json;q=0.1, application/vnd.payments+json") + ", " +
				c.accept("application/json, application/vnd.payments+json;q=0.1") + ", " + c.accept("application/json;q=0, text/html")
		}, "application/vnd.payments+json, application/json, 406", "not negotiated | **ignored** | not probed | not negotiated"},
		{"a forged cursor", (*client).forge, "200, then 422", "n/a | **500** | n/a | not probed"},
		{"a new X-Forwarded-For escapes a limit by address", func(c *client) string {
			first := c.send("GET", "/limited", "", "", "X-Forwarded-For", "192.0.2.1")
			second := c.send("GET", "/limited", "", "", "X-Forwarded-For", "192.0.2.2")
			return map[bool]string{true: "no", false: "yes"}[first.status == "200" && second.status == "429"]
		}, "no", "no, one bucket for all | **yes** | not probed | not probed"},
	}
}

// TestProbes sends each probe to the program over a socket, and holds examples/docs/strict/answers.md, which the page shows, to
// the answers.
func TestProbes(t *testing.T) {
	t.Parallel()
	c := serve(t)
	var table strings.Builder
	table.WriteString("| probe | Tenon | FastAPI 0.162 | DRF 3.18.3 | Litestar 2.24 | Ninja 1.7.1 |\n|---|---|---|---|---|---|\n")
	all := probes()
	if len(all) != 16 {
		t.Errorf("%d probes, want 16", len(all))
	}
	for _, p := range all {
		got := p.ask(c)
		if got != p.want {
			t.Errorf("%s: %s, want %s", p.name, got, p.want)
		}
		fmt.Fprintf(&table, "| %s | %s | %s |\n", p.name, got, p.others)
	}
	const file = "answers.md"
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.WriteFile(file, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != table.String() {
		t.Errorf("%s is not what was answered; make pages writes it: %v", file, err)
	}
}

// client sends requests to the program.
type client struct {
	t    *testing.T
	base string
}

// serve runs the program until the test ends.
func serve(t *testing.T) *client {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	db, err := open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		done <- tenon.Serve(ctx, newApp(db), tenon.ServerConfig{
			Addr: "127.0.0.1:0", Logger: slog.New(slog.DiscardHandler), Ready: func(addr net.Addr) { ready <- addr },
			DrainDelay: time.Nanosecond, // no balancer has to notice
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, db.Close()); err != nil {
			t.Error(err)
		}
	})
	select {
	case addr := <-ready:
		return &client{t, "http://" + addr.String()}
	case err := <-done:
		done <- nil
		t.Fatal(err)
	}
	return nil
}

type answer struct {
	status, body string
	header       http.Header
}

// problem is the status, and whether the answer is a problem that tells nothing of what happened inside.
func (a answer) problem() string {
	if a.header.Get("Content-Type") != "application/problem+json" || strings.Contains(a.body, "secret") {
		return a.status + " " + a.body
	}
	return a.status + " problem"
}

func (c *client) send(method, target, mediaType, body string, header ...string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+target, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return c.read(http.DefaultClient.Do(r))
}

// forge follows a cursor as it was given, and then with each of its characters changed, cut off and doubled, and with none of its own.
func (c *client) forge() string {
	c.t.Helper()
	first := c.send(http.MethodGet, "/files?size=1&cursor=", "", "")
	_, next, _ := strings.Cut(first.body, `"next":"`)
	next, _, _ = strings.Cut(next, `"`)
	given := c.send(http.MethodGet, "/files?size=1&cursor="+next, "", "").status
	forged := []string{"x", "AAAA", "%00", "..%2F", next + next, next + "A", "eyJrIjoxfQ=="}
	for i := range next {
		other := byte('A')
		if next[i] == other {
			other = 'B'
		}
		forged = append(forged, next[:i]+string(other)+next[i+1:], next[:max(1, i)])
	}
	for _, cursor := range forged {
		if status := c.send(http.MethodGet, "/files?size=1&cursor="+cursor, "", "").status; status != "422" {
			return given + ", then " + status + " to " + cursor
		}
	}
	return given + ", then 422"
}

// announce sends the head of a request with a body of n bytes, and nothing of the body.
func (c *client) announce(target string, n int) answer {
	c.t.Helper()
	host := strings.TrimPrefix(c.base, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", target, host, n); err != nil {
		c.t.Fatal(err)
	}
	return c.read(http.ReadResponse(bufio.NewReader(conn), nil))
}

func (c *client) read(got *http.Response, err error) answer {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{strconv.Itoa(got.StatusCode), string(text), got.Header}
}

// accept is the media type that is answered to an Accept field, or the status of a refusal.
func (c *client) accept(field string) string {
	c.t.Helper()
	a := c.send(http.MethodGet, "/files/a", "", "", "Accept", field)
	if a.status != "200" {
		return a.status
	}
	return a.header.Get("Content-Type")
}
