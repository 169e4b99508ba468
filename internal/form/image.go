package form

import (
	"bufio"
	"encoding/binary"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
)

// Measurable reports whether Measure knows images of every type of a list.
func Measurable(types []string) bool {
	known := func(t string) bool {
		return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, t)
	}
	return len(types) > 0 && !slices.ContainsFunc(types, func(t string) bool { return !known(t) })
}

// Measure reads from the header of an image how many pixels it has across and down; nothing is decoded. sniffed is its media type. An image that
// cannot be measured has none.
func Measure(from io.Reader, sniffed string) (width, height int) {
	decode := map[string]func(io.Reader) (image.Config, error){
		"image/png": png.DecodeConfig, "image/jpeg": jpeg.DecodeConfig, "image/gif": gif.DecodeConfig, "image/webp": webp,
	}[sniffed]
	if decode == nil {
		return 0, 0
	}
	config, err := decode(from)
	if err != nil || config.Width < 1 || config.Height < 1 {
		return 0, 0
	}
	return config.Width, config.Height
}

var errNoImage = errors.New("form: no picture of WebP")

// webp reads the heads of the chunks: those of pictures with or without loss, and that of what holds several (RFC 9649, sections 2.4 to 2.7). No
// picture may be larger than what holds it.
func webp(from io.Reader) (image.Config, error) {
	r := bufio.NewReader(from)
	if _, err := r.Discard(len("RIFF....WEBP")); err != nil {
		return image.Config{}, err
	}
	var whole, largest image.Config
	for {
		head, err := r.Peek(8)
		if errors.Is(err, io.EOF) && len(head) == 0 && largest.Width > 0 {
			break
		}
		if err != nil {
			return image.Config{}, err
		}
		kind, size := string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))
		_, _ = r.Discard(len(head)) // it was there
		data, _ := r.Peek(int(min(size, 10)))
		switch kind {
		case "VP8X": // a byte of flags and three that are reserved, then both less one in 24 bits
			if len(data) == 10 {
				whole = image.Config{Width: 1 + little24(data[4:]), Height: 1 + little24(data[7:])}
			}
		case "VP8L", "VP8 ":
			one := picture(kind, data)
			largest.Width, largest.Height = max(largest.Width, one.Width), max(largest.Height, one.Height)
			if one.Width < 1 || one.Height < 1 {
				return image.Config{}, errNoImage
			}
		case "ANMF": // a head of 16 bytes, and the chunks of a picture
			size = 16
		}
		if _, err := io.CopyN(io.Discard, r, size+size%2); err != nil && !errors.Is(err, io.EOF) {
			return image.Config{}, err
		}
	}
	switch {
	case whole.Width == 0:
		return largest, nil
	case largest.Width > whole.Width || largest.Height > whole.Height:
		return image.Config{}, errNoImage
	default:
		return whole, nil
	}
}

// picture reads the head of one; one that has none has no size.
func picture(kind string, data []byte) (size image.Config) {
	switch {
	case kind == "VP8L" && len(data) >= 5 && data[0] == 0x2f: // a signature, then both less one in 14 bits
		bits := binary.LittleEndian.Uint32(data[1:])
		size.Width, size.Height = 1+int(bits&0x3fff), 1+int(bits>>14&0x3fff)
	case kind == "VP8 " && len(data) >= 10 && string(data[3:6]) == "\x9d\x01\x2a":
		// A head of three bytes and its start code, then both in 14 bits (RFC 6386, section 9.1).
		size.Width, size.Height = int(binary.LittleEndian.Uint16(data[6:])&0x3fff), int(binary.LittleEndian.Uint16(data[8:])&0x3fff)
	}
	return size
}

func little24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
