package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/media"
)

// File is the content of a file of a form, in memory or, when it is large, in a temporary file. Reads may be concurrent.
type File struct {
	// Size is its length in bytes.
	Size int64
	// Sniffed is what Sniff says of it.
	Sniffed string

	memory *bytes.Reader
	closed atomic.Bool
	file   *os.File
	name   string // of a file that could not be removed while it is open
}

// Errors of Keep, besides those of the part.
var (
	ErrTooLarge = errors.New("form: the file is too large")
	ErrStorage  = errors.New("form: the file cannot be kept")
)

// Keep reads a file of limit bytes or fewer, whose first bytes are head and which part goes on with. Of a file up to memory bytes nothing
// is written; a larger one goes to a file in os.TempDir, which only the process may read and which has no name any more where the system
// allows that, so that nothing is left behind even by a process that is killed. Close what is returned.
func Keep(head []byte, part io.Reader, memory, limit int64) (*File, error) {
	f := &File{Sniffed: Sniff(head)}
	begin := bytes.NewBuffer(head)
	if _, err := io.Copy(begin, io.LimitReader(part, min(memory, limit)+1-int64(len(head)))); err != nil {
		return nil, err
	}
	f.Size = int64(begin.Len())
	switch {
	case f.Size > limit:
		return nil, ErrTooLarge
	case f.Size <= memory:
		f.memory = bytes.NewReader(begin.Bytes())
		return f, nil
	}
	if err := f.spill(begin.Bytes(), part, limit); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// spill writes the head and what follows it to a temporary file.
func (f *File) spill(head []byte, rest io.Reader, limit int64) error {
	file, err := os.CreateTemp("", "tenon-upload-")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrStorage, err)
	}
	f.file = file
	if os.Remove(file.Name()) != nil { // Windows does not remove what is open
		f.name = file.Name()
	}
	w := &writer{to: file}
	n, err := io.Copy(w, io.MultiReader(bytes.NewReader(head), io.LimitReader(rest, limit+1-f.Size)))
	f.Size = n
	switch {
	case w.err != nil:
		return fmt.Errorf("%w: %w", ErrStorage, w.err)
	case err != nil:
		return err
	case n > limit:
		return ErrTooLarge
	}
	return nil
}

// writer tells an error of the disk from one of the client.
type writer struct {
	to  io.Writer
	err error
}

func (w *writer) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	w.err = err
	return n, err
}

// ReadAt reads from the file, wherever it is.
func (f *File) ReadAt(p []byte, at int64) (int, error) {
	if f.closed.Load() {
		return 0, os.ErrClosed
	}
	if f.memory != nil {
		return f.memory.ReadAt(p, at)
	}
	return f.file.ReadAt(p, at)
}

// Close removes the file. What is read afterwards fails with os.ErrClosed.
func (f *File) Close() error {
	f.closed.Store(true)
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	if f.name != "" {
		err = errors.Join(err, os.Remove(f.name))
	}
	return err
}

// Memory makes a file of bytes.
func Memory(content []byte) *File {
	return &File{Size: int64(len(content)), Sniffed: Sniff(content), memory: bytes.NewReader(content)}
}

// MaxFileName is the most bytes of a file name.
const MaxFileName = 255

// FileName makes a name that is no path of what a client sent: what stands after the last slash or backslash, without dots and
// spaces at its end; "" when nothing is left. ok is false for a name that is too long, or has characters that media.InName
// refuses.
func FileName(sent string) (name string, ok bool) {
	name = sent[strings.LastIndexAny(sent, `/\`)+1:]
	name = strings.TrimLeft(strings.TrimRight(name, " ."), " ")
	if len(name) > MaxFileName || !utf8.ValidString(sent) {
		return "", false
	}
	for _, c := range sent {
		if !media.InName(c) {
			return "", false
		}
	}
	return name, true
}
