package tenon_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// TestUV01LinesThatTwoParsersSeeDifferentlyAreRefused puts LF alone and folded lines everywhere into a header, whole and byte by byte, as
// the first request of a connection and behind others.
func TestUV01LinesThatTwoParsersSeeDifferentlyAreRefused(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{})
	const plain = "GET /hello/x HTTP/1.1\r\nHost: x\r\nX-A: b\r\nConnection: keep-alive\r\n\r\n"
	wrong := map[string]string{
		"a length in a folded line": "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length:\r\n 12\r\n\r\n{\"text\":\"a\"}",
		"HTTP/1.0 and chunked":      "POST /echo HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"LF alone before it":        "\n" + plain,
	}
	for i := range strings.Count(plain, "\r\n") {
		lines := strings.SplitAfter(plain, "\r\n")
		lines[i] = strings.ReplaceAll(lines[i], "\r\n", "\n")
		wrong[fmt.Sprintf("LF alone after line %d", i)] = strings.Join(lines, "")
		for _, space := range []string{" ", "\t", "  \t"} {
			lines := strings.SplitAfter(plain, "\r\n")
			if lines[i] != "\r\n" {
				lines[i] += space + "more\r\n"
				wrong[fmt.Sprintf("line %d goes on after %q", i, space)] = strings.Join(lines, "")
			}
		}
	}
	echo := "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\ncontent-LENGTH: \t 19 \r\n\r\n{\n \"text\":\n\t\"a\"\r\n\n}"
	for before, answers := range map[string]int{"": 0, plain: 1, plain + plain: 2, echo: 1, echo + "\r\n" + plain: 2} {
		for name, request := range wrong {
			for _, slow := range []bool{false, true} {
				stream := before + request + strings.ReplaceAll(plain, "/x", "/"+smuggled)
				answer := r.pieces(t, stream, slow)
				if got := strings.Count(answer, "HTTP/1.1 20"); got != answers || strings.Contains(answer, smuggled) || answers+1 != strings.Count(answer, "HTTP/1.1 ") {
					t.Errorf("%s behind %d requests, slowly %t: %d answers of success in\n%s", name, answers, slow, got, answer)
				}
				if !strings.Contains(answer, "HTTP/1.1 400 ") && !strings.Contains(answer, "HTTP/1.1 501 ") {
					t.Errorf("%s: no refusal in\n%s", name, answer)
				}
			}
		}
	}
}

// TestUV01AMethodThatBeginsLikeConnectEndsNothing has a method of its own before lines that are refused.
func TestUV01AMethodThatBeginsLikeConnectEndsNothing(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{})
	answer := r.pieces(t, "CONNECTX /hello/x HTTP/1.1\r\nHost: x\r\n\r\nGET /hello/"+smuggled+" HTTP/1.1\nHost: x\r\n\r\n", false)
	if !strings.HasPrefix(answer, "HTTP/1.1 405 ") || !strings.Contains(answer, "HTTP/1.1 400 ") || strings.Contains(answer, smuggled) {
		t.Errorf("answers\n%s, want 405 and 400", answer)
	}
}

// pieces sends a stream at once or byte by byte, and reads until the server closes the connection.
func (r *running) pieces(t *testing.T, stream string, slow bool) string {
	t.Helper()
	if !slow {
		return r.half(t, stream)
	}
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	go func() { // one write is one segment, and read by itself more often than not
		for i := range len(stream) {
			if _, err := io.WriteString(conn, stream[i:i+1]); err != nil {
				return
			}
		}
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

// TestUV01OtherProtocolsAreLeftAlone has handlers that take connections over, with Upgrade and without.
func TestUV01OtherProtocolsAreLeftAlone(t *testing.T) {
	t.Parallel()
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		app.Mount("/raw", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
			line, _ := rw.ReadString('.')
			_, _ = io.WriteString(conn, line)
		}))
		app.Mount("/plain", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "plain") }))
		return app
	}, tenon.ServerConfig{})
	for _, header := range []string{"", "Upgrade: own\r\nConnection: Upgrade\r\n"} {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		from := bufio.NewReader(conn)
		_, _ = fmt.Fprintf(conn, "GET /raw HTTP/1.1\r\nHost: x\r\n%s\r\n", header)
		status, err := from.ReadString('\n')
		_, _ = from.ReadString('\n')
		const own = "a line\n and \n\tanother\n\n."
		_, _ = io.WriteString(conn, own)
		if got, _ := io.ReadAll(from); string(got) != own {
			t.Errorf("with %q: %q, %v, then %q, want %q", header, status, err, got, own)
		}
		_ = conn.Close()
	}
	answer := r.half(t, "GET /plain HTTP/1.1\r\nHost: x\r\nUpgrade: own\r\nConnection: Upgrade\r\n\r\nGET /plain HTTP/1.1\r\nHost: x\nX: a\r\n\r\n")
	if strings.Count(answer, "HTTP/1.1 ") != 1 || !strings.Contains(answer, "Connection: close") {
		t.Errorf("behind an upgrade that did not happen: %s", answer)
	}
}
