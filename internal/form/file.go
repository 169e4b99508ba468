package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// File is the content of a file of a form, in memory or, when it is large, in the temporary file of its form. Reads may be concurrent.
type File struct {
	// Size is its length in bytes.
	Size int64
	// Sniffed is what Sniff says of it.
	Sniffed string

	content io.ReaderAt
	of      *Files // that it is gone with; nil is none
}

// ReadAt reads from the file, wherever it is.
func (f *File) ReadAt(p []byte, at int64) (int, error) {
	if f.of != nil && f.of.closed.Load() {
		return 0, os.ErrClosed
	}
	return f.content.ReadAt(p, at)
}

// Memory makes a file of bytes.
func Memory(content []byte) *File {
	return &File{Size: int64(len(content)), Sniffed: Sniff(content), content: bytes.NewReader(content)}
}

// Files are those of one form. What is large stands in one temporary file, one behind the other, so that a form holds one file of the system
// open, whatever it has. Keep and Close belong to one goroutine.
type Files struct {
	memory int64 // bytes of a file that may be held in memory
	held   int64 // bytes that all of them still may

	closed atomic.Bool
	file   *os.File
	end    int64
	name   string // of a file that could not be removed while it is open
}

// filesHeld is how many files of the largest size that one may have in memory all of a form have there.
const filesHeld = 16

// NewFiles keeps files of up to memory bytes in memory, and of all together 16 times as many.
func NewFiles(memory int64) *Files { return &Files{memory: memory, held: filesHeld * memory} }

// Errors of Keep, besides those of the part.
var (
	ErrTooLarge = errors.New("form: the file is too large")
	ErrStorage  = errors.New("form: the file cannot be kept")
)

// Keep reads a file of limit bytes or fewer, whose first bytes are head and which part goes on with. Of a file that fits into memory nothing
// is written; another goes to a file in os.TempDir, which only the process may read and which has no name any more where the system
// allows that, so that nothing is left behind even by a process that is killed.
func (s *Files) Keep(head []byte, part io.Reader, limit int64) (*File, error) {
	begin, memory := bytes.NewBuffer(head), min(s.memory, s.held)
	if _, err := io.Copy(begin, io.LimitReader(part, min(memory, limit)+1-int64(len(head)))); err != nil {
		return nil, err
	}
	f := &File{Size: int64(begin.Len()), Sniffed: Sniff(head), of: s}
	switch {
	case f.Size > limit:
		return nil, ErrTooLarge
	case f.Size <= memory:
		s.held -= f.Size
		f.content = bytes.NewReader(begin.Bytes())
		return f, nil
	}
	size, err := s.spill(io.MultiReader(begin, io.LimitReader(part, limit+1-f.Size)))
	switch {
	case err != nil:
		return nil, err
	case size > limit:
		return nil, ErrTooLarge
	}
	f.Size, f.content = size, io.NewSectionReader(s.file, s.end, size)
	s.end += size
	return f, nil
}

// spill writes behind what stands in the temporary file, and returns how much.
func (s *Files) spill(from io.Reader) (int64, error) {
	if s.file == nil {
		file, err := os.CreateTemp("", "tenon-upload-")
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrStorage, err)
		}
		s.file = file
		if os.Remove(file.Name()) != nil { // Windows does not remove what is open
			s.name = file.Name()
		}
	}
	w := &writer{to: io.NewOffsetWriter(s.file, s.end)}
	n, err := io.Copy(w, from)
	if w.err != nil {
		return n, fmt.Errorf("%w: %w", ErrStorage, w.err)
	}
	return n, err
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

// Close removes the files. What is read afterwards fails with os.ErrClosed.
func (s *Files) Close() error {
	s.closed.Store(true)
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if s.name != "" {
		err = errors.Join(err, os.Remove(s.name))
	}
	return err
}
