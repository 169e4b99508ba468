package tenon_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// smuggled stands in the path of the request that an attacker hides in another.
const smuggled = "smuggled"

// framings are requests whose end two parsers may see in different places. Behind each a request is hidden that must not be
// answered, unless the framing leaves no doubt that it is one of its own.
func framings() map[string]string {
	hidden := "GET /hello/" + smuggled + " HTTP/1.1\r\nHost: x\r\n\r\n"
	const start = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	const chunks, text = "c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", `{"text":"a"}`
	all := map[string]string{}
	add := func(name, request string) { all[name] = request + hidden }
	for _, length := range []string{"0", "5", "6", "12", "44", "999999", "-1", "+12", "0x0c", "12,12", "12, 13", "1e1", " 12 13", "12a", "99999999999999999999", "٣", "\"12\"", "012"} {
		add("length "+length+" and chunked", start+"Content-Length: "+length+"\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks)
		add("chunked and length "+length, start+"Transfer-Encoding: chunked\r\nContent-Length: "+length+"\r\n\r\n"+chunks)
	}
	for _, coding := range []string{
		"chunked, chunked", "identity, chunked", "chunked, identity", "gzip, chunked", "chunked;q=1", "xchunked", "chunked ", "\tchunked", "\vchunked", "\x00chunked", "chunked\x00",
		"Chunked", "CHUNKED", "\"chunked\"", "chunked,", ",chunked", "", "identity", "gzip", "chu nked", "chunked\tx", "\u212Aunked", "cow", "chunked\r\n ", "\r\n chunked", "chunked\r\n\tx",
	} {
		add(fmt.Sprintf("coding %q", coding), start+"Transfer-Encoding: "+coding+"\r\n\r\n"+chunks)
		add(fmt.Sprintf("coding %q with a length", coding), start+"Content-Length: 4\r\nTransfer-Encoding: "+coding+"\r\n\r\n"+chunks)
	}
	for name, header := range map[string]string{
		"two equal lengths": "Content-Length: 12\r\nContent-Length: 12", "two lengths": "Content-Length: 12\r\nContent-Length: 13", "two lengths, the first 0": "Content-Length: 0\r\nContent-Length: 12",
		"two codings": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "two equal codings": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
		"a space before the colon": "Content-Length : 12", "a space before the colon of the coding": "Transfer-Encoding : chunked", "a tab before the colon": "Content-Length\t: 12",
		"a space before the name": " Content-Length: 12", "a tab before the name": "\tTransfer-Encoding: chunked", "a NUL in the name": "Content\x00-Length: 12", "a NUL in the value": "X: a\x00b\r\nContent-Length: 12",
		"a bare CR in the value": "X: a\rContent-Length: 12", "a bare CR in the name": "Content\r-Length: 12", "a bare LF": "X: a\nTransfer-Encoding: chunked", "a name of its own with _": "Content_Length: 12",
		"a line without a colon": "Content-Length 12", "an empty name": ": 12\r\nContent-Length: 12", "a folded line": "Content-Length:\r\n 12", "a folded other line": "X: a\r\n b\r\nContent-Length: 12",
		"a length in Connection": "Content-Length: 12\r\nConnection: Content-Length", "a coding in Connection": "Transfer-Encoding: chunked\r\nConnection: Transfer-Encoding",
		"a trailer of the length": "Transfer-Encoding: chunked\r\nTrailer: Content-Length", "a name in capitals": "CONTENT-LENGTH: 12\r\ntransfer-encoding: chunked",
		"a UTF-8 space": "Content-Length:\u00a012", "a DEL": "Content-Length: 12\x7f", "a semicolon": "Content-Length: 12;", "a length of nothing": "Content-Length:",
		"an expectation": "Content-Length: 12\r\nExpect: 100-continue, 100-continue\r\nTransfer-Encoding: chunked", "an unknown expectation": "Content-Length: 4\r\nExpect: 200-ok",
	} {
		add("header: "+name, start+header+"\r\n\r\n"+chunks)
		add("header, plain body: "+name, start+header+"\r\n\r\n"+text)
	}
	for name, body := range map[string]string{
		"a bare LF after the size": "c\n{\"text\":\"a\"}\r\n0\r\n\r\n", "a bare LF after the data": "c\r\n{\"text\":\"a\"}\n0\r\n\r\n", "a bare CR after the size": "c\r{\"text\":\"a\"}\r\n0\r\n\r\n",
		"a size with 0x": "0xc\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "a size with +": "+c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "a size with -": "-c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
		"a size with a space before": " c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "a size with a space behind": "c \r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "a size with _": "0_c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
		"a size that is too large": "fffffffffffffffff\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "a size of nothing": "\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "zeros before the size": strings.Repeat("0", 100) + "c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
		"an extension": "c;a=b\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "an extension with a bare LF": "c;a=\nb\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "an extension with a bare CR": "c;\rx\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
		"a long extension": "c;" + strings.Repeat("a", 20<<10) + "\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "an extension with a quote": "c;a=\"\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
		"data longer than its size": "4\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "data shorter than its size": "ff\r\n{\"text\":\"a\"}\r\n0\r\n\r\n", "a last chunk without its end": "c\r\n{\"text\":\"a\"}\r\n0\r\n",
		"a last chunk of zeros": "c\r\n{\"text\":\"a\"}\r\n0000\r\n\r\n", "a trailer": "c\r\n{\"text\":\"a\"}\r\n0\r\nContent-Length: 99\r\n\r\n", "a trailer that is a request": "c\r\n{\"text\":\"a\"}\r\n0\r\nGET / HTTP/1.1\r\n\r\n",
		"a trailer with a bare LF": "c\r\n{\"text\":\"a\"}\r\n0\r\nX: a\n\r\n", "no chunks": "", "nothing but the end": "0\r\n\r\n",
	} {
		add("chunks: "+name, start+"Transfer-Encoding: chunked\r\n\r\n"+body)
	}
	for name, line := range map[string]string{
		"HTTP/1.0 and chunked": "POST /echo HTTP/1.0", "HTTP/0.9": "POST /echo", "HTTP/1.2": "POST /echo HTTP/1.2", "HTTP/9.9": "POST /echo HTTP/9.9", "no version number": "POST /echo HTTP/1", "lower case": "post /echo http/1.1",
		"two spaces": "POST  /echo HTTP/1.1", "a tab": "POST\t/echo\tHTTP/1.1", "a space at the end": "POST /echo HTTP/1.1 ", "a space before": " POST /echo HTTP/1.1", "a space in the target": "POST /ec ho HTTP/1.1",
		"a NUL in the target": "POST /echo\x00 HTTP/1.1", "a bare LF before": "\nPOST /echo HTTP/1.1", "an absolute target": "POST http://y/echo HTTP/1.1", "a fragment": "POST /echo#x HTTP/1.1", "a star": "POST * HTTP/1.1",
		"a star of OPTIONS": "OPTIONS * HTTP/1.1", "a star of OPTIONS with a length": "OPTIONS * HTTP/1.1\r\nContent-Length: 4",
	} {
		add("line: "+name, line+"\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks)
	}
	for name, host := range map[string]string{"none": "", "two": "Host: x\r\nHost: y\r\n", "a path": "Host: x/y\r\n", "a space": "Host: x y\r\n", "a user": "Host: a@b\r\n"} {
		add("host: "+name, "POST /echo HTTP/1.1\r\n"+host+"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks)
	}
	return all
}

// plainFraming reports those of framings that leave no doubt about where the first request ends, and what is behind it is a second.
func plainFraming(name string) bool {
	return slices.Contains([]string{
		"header, plain body: two equal lengths", "header, plain body: a name of its own with _", "header: a name of its own with _", "header, plain body: a length in Connection",
	}, name)
}

func TestServeAnswersNoHiddenRequest(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{ReadTimeout: 2 * time.Second})
	all := framings()
	if len(all) < 180 {
		t.Errorf("%d framings", len(all))
	}
	for name, request := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := r.half(t, request)
			// 501 is what RFC 9112, section 6.1, wants for a coding that is not known, and 505 is for another version.
			if strings.Contains(strings.NewReplacer("HTTP/1.1 501 ", "", "HTTP/1.1 505 ", "").Replace(answer), "HTTP/1.1 5") {
				t.Errorf("%q is answered\n%s", request, answer)
			}
			if got := strings.Contains(answer, smuggled); got && !plainFraming(name) {
				t.Errorf("%q\nhides a request that is answered:\n%s", request, answer)
			}
		})
	}
}

// half sends bytes, says that no more will come, and reads what is answered.
func (r *running) half(t *testing.T, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(conn, request)
	_ = conn.(*net.TCPConn).CloseWrite()
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

func TestServeKeepsConnectionsAndAnswersInOrder(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{})
	var pipeline strings.Builder
	for i := range 50 {
		fmt.Fprintf(&pipeline, "GET /hello/%d HTTP/1.1\r\nHost: x\r\n\r\n", i)
	}
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(conn, pipeline.String())
	from := bufio.NewReader(conn)
	for i := range 50 {
		answer, err := http.ReadResponse(from, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		if want := fmt.Sprintf(`{"hello":"%d"}`, i); string(body) != want {
			t.Errorf("answer %d is %s", i, body)
		}
	}
}

func TestServeContinuesOnlyWhatItWants(t *testing.T) {
	t.Parallel()
	r := run(t, guardedEcho, tenon.ServerConfig{})
	for _, tt := range []struct{ name, contentType, body, want string }{
		{"asks for a body that it will read", "application/json\r\nAuthorization: yes", `{"text":"a"}`, "HTTP/1.1 100 Continue"},
		{"refuses another before it is sent", "text/plain\r\nAuthorization: yes", "", "HTTP/1.1 415 "},
		{"refuses a caller whom the slot Auth does not know before it is sent", "application/json", "", "HTTP/1.1 401 "},
		{"refuses a body that announces too much before it is sent", "application/json\r\nAuthorization: yes\r\nX-Long: yes", "", "HTTP/1.1 413 "},
	} {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		length := 12
		if strings.Contains(tt.contentType, "X-Long") {
			length = 2 << 20
		}
		_, _ = fmt.Fprintf(conn, "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
			tt.contentType, length)
		from := bufio.NewReader(conn)
		line, err := from.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, tt.want) {
			t.Errorf("%s: %q, %v", tt.name, line, err)
		}
		if tt.body != "" {
			_, _ = io.WriteString(conn, tt.body)
			if rest, err := io.ReadAll(from); err != nil || !strings.Contains(string(rest), "HTTP/1.1 201 ") {
				t.Errorf("%s: %s, %v", tt.name, rest, err)
			}
		}
		_ = conn.Close()
	}
}

// guardedEcho lets only those in who say who they are.
func guardedEcho(logger *slog.Logger) *tenon.App {
	app := tenon.New(tenon.Config{Logger: logger}, tenon.Auth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" {
				problem.Write(w, r, problem.New(problem.CodeUnauthorized, ""))
				return
			}
			next.ServeHTTP(w, r)
		})
	}))
	app.Post("/echo", func(_ context.Context, in *struct {
		Text string `json:"text"`
	},
	) (*found, error) {
		return &found{A: in.Text}, nil
	})
	return app
}

// TestServeAnswersForTheServerAsForAPath asks for what concerns no path: it is a request like all others, with its id and its line in the log.
func TestServeAnswersForTheServerAsForAPath(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{})
	answer := r.raw(t, "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 204 ") || !strings.Contains(answer, "X-Request-Id: ") || strings.Contains(answer, "Content-Length") {
		t.Errorf("answer %s", answer)
	}
	r.stop()
	if err := <-r.done; err != nil {
		t.Fatal(err)
	}
	if log := r.log.String(); !strings.Contains(log, `"method":"OPTIONS"`) || !strings.Contains(log, `"status":204`) {
		t.Errorf("log %s", log)
	}
}

// TestAMountedHandlerCannotKeepAChunkedConnection has handlers that ask for it, with a body and without.
func TestAMountedHandlerCannotKeepAChunkedConnection(t *testing.T) {
	t.Parallel()
	r := run(t, keeping, tenon.ServerConfig{})
	for _, path := range []string{"/silent", "/events"} {
		answer := r.raw(t, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+
			"GET /silent HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		if n := strings.Count(answer, "HTTP/1.1 "); n != 1 {
			t.Errorf("%s: %d answers: %q", path, n, answer)
		}
	}
}

// TestAMountedHandlerCannotKeepAConnectionThatDrains asks the same handlers when the app is about to end.
func TestAMountedHandlerCannotKeepAConnectionThatDrains(t *testing.T) {
	t.Parallel()
	var app *tenon.App
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app = keeping(logger)
		return app
	}, tenon.ServerConfig{})
	app.Drain()
	for _, path := range []string{"/silent", "/events"} {
		request := "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"
		answer := r.raw(t, request+request)
		if n := strings.Count(answer, "HTTP/1.1 200 "); n != 1 || !strings.Contains(answer, "Connection: close\r\n") || strings.Contains(answer, "keep-alive") {
			t.Errorf("%s: %d answers: %q", path, n, answer)
		}
	}
}

// keeping mounts handlers that ask for the connection to go on, with a body and without.
func keeping(logger *slog.Logger) *tenon.App {
	app := tenon.New(tenon.Config{Logger: logger})
	for path, body := range map[string]string{"/silent": "", "/events": "data: 1\n\n"} {
		app.Mount(path, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "keep-alive")
			if body != "" {
				_, _ = io.WriteString(w, body)
				w.(http.Flusher).Flush()
			}
		}))
	}
	return app
}
