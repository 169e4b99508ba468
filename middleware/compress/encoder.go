package compress

import (
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// encoder compresses one body.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(to io.Writer)
}

// The pools hold scratch memory, no state.
var (
	gzips = sync.Pool{New: func() any {
		w, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
		if err != nil {
			panic("compress: " + err.Error()) // the level is a constant
		}
		return w
	}}
	zstds = sync.Pool{New: func() any {
		// One body is compressed by one goroutine, in a window that the smallest clients hold.
		w, err := zstd.NewWriter(io.Discard, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true))
		if err != nil {
			panic("compress: " + err.Error()) // the options are constants
		}
		return w
	}}
)

func open(c coding, to io.Writer) encoder { //nolint:ireturn // either library's
	var e encoder
	if c == zstandard {
		e = zstds.Get().(encoder)
	} else {
		e = gzips.Get().(encoder)
	}
	e.Reset(to)
	return e
}

// give puts an encoder back. It holds on to nothing of the request.
func give(e encoder) {
	e.Reset(io.Discard)
	if _, ok := e.(*zstd.Encoder); ok {
		zstds.Put(e)
		return
	}
	gzips.Put(e)
}
