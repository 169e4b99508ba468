package tenon

import (
	"io"

	"github.com/tenon-go/tenon/internal/form"
)

// Upload is a file of a form in multipart/form-data: the type of a field tagged form:"name", or the item of a slice there. Nothing
// that a client says of a file is to be trusted; the words accept and maxBytes of the tag say what the handler gets to see.
type Upload struct {
	// Name is what the client calls the file: "" when it does not say. It is never a path: it has no slash, no backslash, no control
	// characters, no dots or spaces at its end, and 255 bytes at most. Show it; do not store by it.
	Name string
	// ContentType is the media type that the client declares, in lower case and without parameters; "" is none.
	ContentType string
	// Sniffed is the media type that the first 1445 bytes look like, as browsers see them (WHATWG MIME Sniffing):
	// "application/octet-stream" when they say nothing. Programs have types of their own, such as application/x-elf: a list of accept that does
	// not name them refuses them. So have FLAC, and sound and video in Ogg.
	Sniffed string
	// Size is the length of the file in bytes.
	Size int64
	// Width and Height are the pixels of an image whose field says maxPixels, as its header has them; of other files they are 0.
	Width, Height int

	content io.ReaderAt
}

// NewUpload makes a file of bytes, for a test that calls a handler.
func NewUpload(name, contentType string, content []byte) Upload {
	return uploadOf(name, contentType, form.Memory(content))
}

func uploadOf(name, contentType string, f *form.File) Upload {
	return Upload{Name: name, ContentType: contentType, Sniffed: f.Sniffed, Size: f.Size, content: f}
}

// Open returns a new reader at the begin of the file. There is nothing to close: the file is removed when the request has been
// answered, however it ends, so what is to stay must be copied before the handler returns. Readers may be used concurrently.
func (u Upload) Open() *io.SectionReader {
	if u.content == nil {
		return io.NewSectionReader(form.Memory(nil), 0, 0)
	}
	return io.NewSectionReader(u.content, 0, u.Size)
}
