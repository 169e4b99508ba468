package reply

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
)

var readerType = reflect.TypeFor[io.Reader]()

// raw is the content of a type that is sent as it is: text, bytes or a reader; nil for other types.
func raw(t reflect.Type) content {
	switch {
	case t.Kind() == reflect.String:
		return textContent{}
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return bytesContent{}
	case t.Kind() == reflect.Interface && t.Implements(readerType):
		return readerContent{}
	}
	return nil
}

type textContent struct{}

func (textContent) write(b []byte, v reflect.Value) ([]byte, Sender, error) {
	return append(b, v.String()...), nil, nil
}

type bytesContent struct{}

func (bytesContent) write(b []byte, v reflect.Value) ([]byte, Sender, error) {
	return append(b, v.Bytes()...), nil, nil
}

type readerContent struct{}

func (readerContent) write(b []byte, v reflect.Value) ([]byte, Sender, error) {
	if v.IsNil() {
		return b, nil, errors.New("the body is a nil reader")
	}
	from, _ := reflect.TypeAssert[io.Reader](v)
	return b, &reader{from: from}, nil
}

// reader sends what it reads.
type reader struct{ from io.Reader }

// pieceBytes is how much of a reader is read at once.
const pieceBytes = 32 << 10

// Send reads the first piece before it writes the status, so that a reader which fails at once is a failure from the start.
func (s *reader) Send(w http.ResponseWriter, r *http.Request, status int) error {
	if r.Method == http.MethodHead {
		w.WriteHeader(status)
		return nil
	}
	from := &source{from: s.from}
	piece := make([]byte, pieceBytes)
	n, _ := io.ReadAtLeast(from, piece, 1) // the source remembers the error
	if from.err != nil {
		return from.err
	}
	w.WriteHeader(status)
	if _, err := w.Write(piece[:n]); n == 0 || err != nil {
		return nil //nolint:nilerr // that the client left is nobody's fault
	}
	_, _ = io.CopyBuffer(w, from, piece)
	return from.err
}

func (s *reader) Close() error {
	if c, ok := s.from.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// source remembers why it could not be read, so that it is told from a client that left.
type source struct {
	from io.Reader
	err  error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.from.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = fmt.Errorf("read the body: %w", err)
	}
	return n, err
}
