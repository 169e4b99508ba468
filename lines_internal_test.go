package tenon

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// FuzzHeaderLines reads a stream of requests as net/http does: no header that it takes has a line that ends in LF alone or is folded,
// and it does not matter in which pieces the stream comes.
func FuzzHeaderLines(f *testing.F) {
	for _, stream := range []string{
		"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\nHost: x\r\n\r\n",
		"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n\n \n GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n",
		"POST / HTTP/1.1\r\nContent-Length:\t3 \r\ncontent-length: 3\r\n\r\nabc\r\nGET / HTTP/1.1\r\n X: a\r\n\r\n",
		"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nX: a\nY: b\r\n\r\n",
		"GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n\n\n", "CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n\n\n", "\r\n\nGET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\n", "\n",
	} {
		f.Add([]byte(stream), uint8(3))
	}
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		whole, pieces := slices.Clone(stream), slices.Clone(stream)
		new(headerLines).watch(whole)
		l := new(headerLines)
		for piece := range slices.Chunk(pieces, 1+int(size)) {
			l.watch(piece)
		}
		if !bytes.Equal(whole, pieces) {
			t.Fatalf("in one piece %q, in pieces of %d %q", whole, 1+int(size), pieces)
		}
		rest := bytes.NewReader(whole)
		from := bufio.NewReader(rest)
		at := func() int { return len(whole) - rest.Len() - from.Buffered() }
		for {
			start := at()
			r, err := http.ReadRequest(from)
			if err != nil {
				return
			}
			header := string(whole[start:at()])
			if strings.Contains(header, "\x00") {
				return // which a server refuses
			}
			if strings.Count(header, "\n") != strings.Count(header, "\r\n") || strings.Contains(header, "\n ") || strings.Contains(header, "\n\t") {
				t.Fatalf("%q is taken of %q", header, stream)
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil || ends(r) {
				return
			}
		}
	})
}

func BenchmarkHeaderLines(b *testing.B) {
	request := []byte("GET /api/v1/users/7?fields=id,name HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: curl/8.5.0\r\nAccept: application/json\r\n" +
		"Authorization: Bearer " + strings.Repeat("x", 200) + "\r\nTraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nAccept-Encoding: gzip\r\n\r\n")
	l := new(headerLines)
	b.ReportAllocs()
	for b.Loop() {
		l.watch(request)
	}
	if l.over || l.inside {
		b.Fatal("it lost its place")
	}
}
