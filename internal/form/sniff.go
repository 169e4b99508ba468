package form

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// headBytes are as many as Sniff looks at (WHATWG MIME Sniffing, section 5.2).
const headBytes = 1445

// Head reads the first bytes of a part, which say what it is. A part without a byte has none.
func Head(part io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(part, headBytes)) }

// Sniff is the media type that the first bytes of a file look like (WHATWG MIME Sniffing), without parameters. Beyond what browsers know it
// knows archives with nothing in them, FLAC, what is in the container Ogg, and programs.
func Sniff(head []byte) string {
	essence, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch {
	case essence == "application/ogg":
		return ogg(head)
	case essence != anything:
		return essence
	case isMP3(head):
		return "audio/mpeg"
	}
	return begins(head, []signature{
		{"PK\x05\x06", "application/zip"}, {"fLaC", "audio/flac"},
		{"MZ", "application/vnd.microsoft.portable-executable"}, {"\x7fELF", "application/x-elf"},
		{"\xfe\xed\xfa\xce", machO}, {"\xfe\xed\xfa\xcf", machO}, {"\xce\xfa\xed\xfe", machO}, {"\xcf\xfa\xed\xfe", machO}, {"\xca\xfe\xba\xbe", machO},
	}, anything)
}

const machO = "application/x-mach-binary"

// signature is what files of a media type begin with.
type signature struct{ magic, media string }

func begins(head []byte, known []signature, otherwise string) string {
	for _, s := range known {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return s.media
		}
	}
	return otherwise
}

// ogg tells by the first packet of the first page what a container holds (RFC 3533, section 6; RFC 5334, section 4).
func ogg(head []byte) string {
	const container, segments = "application/ogg", 26
	if len(head) <= segments {
		return container
	}
	packet := head[min(len(head), segments+1+int(head[segments])):]
	return begins(packet, []signature{
		{"\x01vorbis", "audio/ogg"}, {"OpusHead", "audio/ogg"}, {"\x7fFLAC", "audio/ogg"}, {"Speex   ", "audio/ogg"}, {"\x80theora", "video/ogg"},
	}, container)
}

// isMP3 reports whether a file begins with a frame of MPEG audio, layer III, and goes on with another (WHATWG MIME Sniffing, section 6.2.3).
func isMP3(head []byte) bool {
	size := frame(head)
	return size > 0 && size < len(head) && frame(head[size:]) > 0
}

// frame is how many bytes a frame of layer III has that b begins with; 0 is none.
func frame(b []byte) int {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe6 != 0xe2 { // eleven ones, and the layer
		return 0
	}
	version, rate, bits := b[1]>>3&3, b[2]>>2&3, b[2]>>4
	if version == 1 || rate == 3 || bits == 0 || bits == 15 {
		return 0
	}
	samples := [...]int{44100, 48000, 32000}[rate] // in a second
	kilobits, scale := [...]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}, 72_000
	switch version {
	case 3: // MPEG 1
		kilobits, scale = [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}, 144_000
	case 2:
		samples /= 2
	default: // MPEG 2.5
		samples /= 4
	}
	return kilobits[bits]*scale/samples + int(b[2]>>1&1)
}
