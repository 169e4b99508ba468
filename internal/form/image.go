package form

import (
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

// webp reads the first chunk: that of a picture with or without loss, or of what holds several (RFC 9649, sections 2.4 to 2.7).
func webp(from io.Reader) (image.Config, error) {
	var head [30]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return image.Config{}, err
	}
	data := head[20:] // of the chunk
	switch string(head[12:16]) {
	case "VP8X": // a byte of flags and three that are reserved, then both less one in 24 bits
		return image.Config{Width: 1 + int(little24(data[4:])), Height: 1 + int(little24(data[7:]))}, nil
	case "VP8L": // a signature, then both less one in 14 bits
		bits := binary.LittleEndian.Uint32(data[1:])
		if data[0] == 0x2f {
			return image.Config{Width: 1 + int(bits&0x3fff), Height: 1 + int(bits>>14&0x3fff)}, nil
		}
	case "VP8 ": // a frame header of three bytes and its start code, then both in 14 bits (RFC 6386, section 9.1)
		if string(data[3:6]) == "\x9d\x01\x2a" {
			return image.Config{
				Width: int(binary.LittleEndian.Uint16(data[6:]) & 0x3fff), Height: int(binary.LittleEndian.Uint16(data[8:]) & 0x3fff),
			}, nil
		}
	}
	return image.Config{}, errNoImage
}

func little24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
