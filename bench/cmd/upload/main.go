// Command upload sends large bodies to a service on the loopback, which runs with the defaults of tenon.Serve, and tells the most
// memory that was resident meanwhile: that of the service and of the client, for they are one process.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/bench/resident"
)

func main() {
	size := flag.Int64("bytes", 1<<30, "bytes of a body")
	flag.Parse()
	if err := run(context.Background(), *size, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// stream takes a body as it arrives.
type stream struct {
	Body io.Reader `body:"application/octet-stream"`
}

// file takes a form with a file, which is kept on disk until the handler has read it.
type file struct {
	File tenon.Upload `form:"file" maxBytes:"2GiB"`
}

// received says how many bytes a handler read.
type received struct {
	Bytes int64 `json:"bytes"`
}

func count(from io.Reader) (*received, error) {
	n, err := io.Copy(io.Discard, from)
	return &received{n}, err
}

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Uploads", Logger: slog.New(slog.DiscardHandler)})
	app.Post("/stream", func(_ context.Context, in *stream) (*received, error) { return count(in.Body) }, tenon.BodyLimit(2<<30))
	app.Post("/file", func(_ context.Context, in *file) (*received, error) { return count(in.File.Open()) })
	return app
}

// run sends one body of each kind and writes a row for each.
func run(ctx context.Context, size int64, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		done <- tenon.Serve(ctx, newApp(), tenon.ServerConfig{Addr: "127.0.0.1:0", Ready: func(addr net.Addr) { ready <- addr }})
	}()
	var addr net.Addr
	select {
	case addr = <-ready:
	case err := <-done:
		return err
	}
	_, _ = fmt.Fprintf(out, "| body of %d MiB | MB/s | most resident memory |\n|---|--:|--:|\n", size>>20)
	for _, kind := range []string{"stream", "file"} {
		r, err := send(ctx, "http://"+addr.String()+"/"+kind, kind, size)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		_, _ = fmt.Fprintf(out, "| %s | %.0f | %.1f MiB |\n", kind, float64(size)/1e6/r.took.Seconds(), float64(r.resident)/(1<<20))
	}
	stop()
	return <-done
}

// result is what one body cost.
type result struct {
	took     time.Duration
	resident int64 // bytes
}

const (
	partHead = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large\"\r\n\r\n"
	partEnd  = "\r\n--B--\r\n"
)

// send posts size bytes to url and checks that all of them were received.
func send(ctx context.Context, url, kind string, size int64) (result, error) {
	body, length, contentType := io.LimitReader(zeros{}, size), size, "application/octet-stream"
	if kind == "file" {
		body = io.MultiReader(strings.NewReader(partHead), body, strings.NewReader(partEnd))
		length += int64(len(partHead) + len(partEnd))
		contentType = "multipart/form-data; boundary=B"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return result{}, err
	}
	req.ContentLength = length
	req.Header.Set("Content-Type", contentType)
	if err := resident.Forget(); err != nil {
		return result{}, err
	}
	start := time.Now()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return result{}, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return result{}, err
	}
	if want := fmt.Sprintf(`{"bytes":%d}`, size); string(answer) != want {
		return result{}, fmt.Errorf("answer %s, want %s", answer, want)
	}
	took := time.Since(start)
	most, err := resident.Peak()
	return result{took, most}, err
}

// zeros is a body without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
