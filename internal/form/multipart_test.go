package form_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/tenon-go/tenon/internal/form"
	"github.com/tenon-go/tenon/problem"
)

// one is a part as it was read.
type one struct {
	Name, FileName, ContentType, Content string
	File                                 bool
}

var (
	usual = form.Limits{Parts: 20, Headers: 20, HeaderBytes: 8 << 10, NameBytes: 256}
	few   = form.Limits{Parts: 3, Headers: 20, HeaderBytes: 8 << 10, NameBytes: 256}
)

// parts reads a whole form.
func parts(src io.Reader, boundary string, lim form.Limits) ([]one, error) {
	r := form.NewReader(src, boundary, lim)
	var all []one
	for {
		p, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return all, err
		}
		all = append(all, one{p.Name, p.FileName, p.ContentType, string(content), p.File})
	}
}

const twoParts = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n" +
	"--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\nline\r\n\n--B\r--B\r\n-B\r\n--B--\r\n"

// TestMP01AnyChunking reads one form in chunks of every size, down to a byte: the parts are the same.
func TestMP01AnyChunking(t *testing.T) {
	t.Parallel()
	want := []one{{Name: "a", Content: "one"}, {"f", "x.txt", "text/plain", "line\r\n\n--B\r--B\r\n-B", true}}
	for name, src := range map[string]io.Reader{
		"at once": strings.NewReader(twoParts), "by bytes": iotest.OneByteReader(strings.NewReader(twoParts)),
		"by halves": iotest.HalfReader(strings.NewReader(twoParts)), "the end with the data": iotest.DataErrReader(strings.NewReader(twoParts)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parts(src, "B", usual)
			if err != nil || len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
				t.Errorf("parts %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

// TestMP01UnreadParts goes on past parts that were not read, or not to their end.
func TestMP01UnreadParts(t *testing.T) {
	t.Parallel()
	r := form.NewReader(strings.NewReader(twoParts), "B", usual)
	first, err := r.Next()
	if err != nil || first.Name != "a" {
		t.Fatal(first, err)
	}
	second, err := r.Next()
	if err != nil || second.Name != "f" {
		t.Fatal(second, err)
	}
	if n, err := first.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("a part that was left reads %d, %v", n, err)
	}
	if _, err := second.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	for range 2 {
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("after the last part comes %v, want io.EOF", err)
		}
	}
}

// TestMP04Truncated cuts a form at every byte: nothing that ends early is taken for a whole form.
func TestMP04Truncated(t *testing.T) {
	t.Parallel()
	whole := strings.TrimSuffix(twoParts, "\r\n")
	for n := range len(whole) {
		_, err := parts(strings.NewReader(whole[:n]), "B", usual)
		if !errors.Is(err, problem.New(problem.CodeBadRequest, "")) {
			t.Errorf("the first %d bytes are read with %v, want bad-request", n, err)
		}
	}
}

// TestMP04ErrorsOfTheClient passes on what the source fails with, in every place.
func TestMP04ErrorsOfTheClient(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for n := range len(twoParts) {
		src := io.MultiReader(strings.NewReader(twoParts[:n]), iotest.ErrReader(broken))
		if _, err := parts(src, "B", usual); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v, want the error of the source", n, err)
		}
	}
	if _, err := parts(idle{}, "B", usual); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a source that never gives a byte ends with %v", err)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// TestMP04NoQuadraticTime reads forms that are all but boundaries, in little more than the time of one that has none. The factor is wide,
// for machines are shared; quadratic time would be a thousand times as much.
func TestMP04NoQuadraticTime(t *testing.T) {
	t.Parallel()
	boundary := strings.Repeat("-", 60) + "B"
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n"
	tail := "\r\n--" + boundary + "--\r\n"
	const size = 4 << 20
	read := func(pattern string) time.Duration {
		body := head + strings.Repeat(pattern, size/len(pattern)) + tail
		start := time.Now()
		if _, err := parts(strings.NewReader(body), boundary, usual); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	}
	plain := read("x")
	for _, pattern := range []string{"\r\n", "\r\n--", "\r", "-", "\r\n--" + strings.Repeat("-", 60) + "b", "\r\n" + strings.Repeat("-", 61)} {
		if took := read(pattern); took > 100*plain+time.Second {
			t.Errorf("4 MiB of %q take %v, plain ones %v", pattern, took, plain)
		}
	}
}

// FuzzMultipart promises that what is read is what mime/multipart reads, that what that refuses is refused, and that a limit holds.
func FuzzMultipart(f *testing.F) {
	f.Add(twoParts, "B")
	f.Add("--B--", "B")
	f.Add("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--B--\r\n", "B")
	f.Add("--B\r\ncontent-disposition: form-data ;name=\"a\\\"b\"; filename*=UTF-8''%2e\r\n\r\n--\r\n--B--", "B")
	f.Add("--a b\r\nContent-Disposition: form-data; name=\"é\"\r\nX: y\r\n\r\nx\r\n--a b--", "a b")
	f.Add("--B\nContent-Disposition: form-data; name=a\n\nx\n--B--\n", "B")
	f.Add("--B \r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--B-- \r\nepilogue", "B")
	f.Fuzz(func(t *testing.T, body, boundary string) {
		if !form.IsBoundary(boundary) {
			return
		}
		got, err := parts(strings.NewReader(body), boundary, few)
		bytewise, again := parts(iotest.OneByteReader(strings.NewReader(body)), boundary, few)
		if (err == nil) != (again == nil) || err == nil && len(got) != len(bytewise) {
			t.Fatalf("%q reads as %+v, %v at once and as %+v, %v by bytes", body, got, err, bytewise, again)
		}
		if err != nil {
			return
		}
		if len(got) > 3 {
			t.Fatalf("%d parts, want 3 at most", len(got))
		}
		std := multipart.NewReader(strings.NewReader(body), boundary)
		for i, p := range got {
			want, err := std.NextRawPart()
			if err != nil {
				t.Fatalf("part %d of %q is read, and refused by mime/multipart: %v", i, body, err)
			}
			content, err := io.ReadAll(want)
			if err != nil || string(content) != p.Content {
				t.Errorf("part %d of %q is %q, by mime/multipart %q, %v", i, body, p.Content, content, err)
			}
			checkDisposition(t, want.Header.Get("Content-Disposition"), p)
		}
		if _, err := std.NextRawPart(); err != io.EOF {
			t.Errorf("after the last part of %q mime/multipart reads %v", body, err)
		}
	})
}

// checkDisposition compares the names of a part with what package mime reads, where the two mean to agree: mime decodes RFC 2231.
func checkDisposition(t *testing.T, line string, p one) {
	t.Helper()
	_, parameters, err := mime.ParseMediaType(line)
	if err != nil || strings.Contains(line, "*") {
		return
	}
	fileName, file := parameters["filename"]
	if parameters["name"] != p.Name || file != p.File || fileName != p.FileName {
		t.Errorf("%q is %+v, by mime %q", line, p, parameters)
	}
}

// BenchmarkMultipart reads a file of 1 MiB in one part.
func BenchmarkMultipart(b *testing.B) {
	body := append([]byte("--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n"), make([]byte, 1<<20)...)
	body = append(body, "\r\n--B--\r\n"...)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		r := form.NewReader(bytes.NewReader(body), "B", usual)
		p, err := r.Next()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, p); err != nil {
			b.Fatal(err)
		}
	}
}
