package form_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/form"
)

func TestAccepts(t *testing.T) {
	t.Parallel()
	const (
		png  = "\x89PNG\r\n\x1a\n"
		pdf  = "%PDF-1.7"
		exe  = "MZ\x90\x00\x03\x00"
		svg  = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`
		zip  = "PK\x03\x04"
		gzip = "\x1f\x8b\x08"
		docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	)
	for _, tt := range []struct {
		name              string
		accept            string
		declared, content string
		file              string
		want              bool
	}{
		{"a range takes what the content proves", "image/*", "image/png", png, "a.png", true},
		{"a range takes what nothing is declared of", "image/*", "", png, "a.png", true},
		{"a range refuses another content", "image/*", "image/png", pdf, "a.png", false},
		{"a range refuses an invented type", "image/*", "image/x-anything", pdf, "", false},
		{"an invented type with the content of a known one", "image/*", "image/x-anything", png, "", false},
		{"an invented type of a program", "image/*", "image/x-anything", exe, "", false},
		{"a range has no SVG", "image/*", "image/svg+xml", svg, "a.svg", false},
		{"every type has no SVG", "*/*", "image/svg+xml", svg, "a.svg", false},
		{"SVG that is named", "image/svg+xml", "image/svg+xml", svg, "a.svg", true},
		{"SVG beside a range", "image/*,image/svg+xml", "image/svg+xml", svg, "a.svg", true},
		{"SVG that is PDF", "image/svg+xml", "image/svg+xml", pdf, "a.svg", false},
		{"a type without a signature", "application/vnd.x", "application/vnd.x", "\x01\x02", "", true},
		{"a type without a signature, as text", "application/vnd.x", "application/vnd.x", "x", "", true},
		{"a type without a signature that is PDF", "application/vnd.x", "application/vnd.x", pdf, "", false},
		{"a type without a signature that is gzip", "application/vnd.x", "application/vnd.x", gzip, "", false},
		{"a type without a signature that is a page", "application/vnd.x", "application/vnd.x", "<html>", "", false},
		{"an archive of an office", docx, docx, zip, "a.docx", true},
		{"an archive of an office that is a page", docx, docx, "<html>", "a.docx", false},
		{"an archive by its suffix", "application/epub+zip", "application/epub+zip", zip, "a.epub", true},
		{"text", "text/*", "text/plain", "a", "a.txt", true},
		{"a table that is not named", "text/*", "text/csv", "a,b", "a.csv", false},
		{"a table that is named", "text/csv", "text/csv", "a,b", "a.csv", true},
		{"a table that is a program", "text/csv", "text/csv", exe, "a.csv", false},
		{"a type without a signature that is a program", "application/vnd.x", "application/vnd.x", exe, "", false},
		{"bytes that are a program", "application/octet-stream", "application/octet-stream", exe, "a.bin", false},
		{"bytes that are a program of Linux", "application/octet-stream", "", "\x7fELF\x02\x01\x01\x00", "a.bin", false},
		{"bytes that are a program of macOS", "application/octet-stream", "", "\xcf\xfa\xed\xfe\x07\x00\x00\x01", "a.bin", false},
		{"bytes", "application/octet-stream", "application/octet-stream", "\x01\x02", "a.bin", true},
		{"a program that is named", "application/x-elf", "application/x-elf", "\x7fELF\x02\x01\x01\x00", "a", true},
		{"text that begins like a program", "text/csv", "text/csv", "MZ,Mozambique", "a.csv", true},
		{"an archive by the name that IANA gives it", "application/gzip", "application/gzip", gzip, "a.gz", true},
		{"an archive of which nothing is declared", "application/gzip", "", gzip, "a.gz", true},
		{"an archive by the name that it is known by", "application/gzip", "application/x-gzip", gzip, "a.gz", true},
		{"text by the name of an archive", "application/gzip", "application/gzip", "a", "a.gz", false},
		{"an archive as Windows calls it", "application/zip", "application/x-zip-compressed", zip, "a.zip", true},
		{"XML", "application/xml", "application/xml", "<?xml version='1.0'?><a/>", "a.xml", true},
		{"XML by its other name", "application/xml", "text/xml", "<?xml version='1.0'?><a/>", "a.xml", true},
		{"a sound", "audio/*", "audio/wav", "RIFF\x00\x00\x00\x00WAVE", "a.wav", true},
		{"a picture that is a sound", "image/*", "audio/wav", "RIFF\x00\x00\x00\x00WAVE", "a.wav", false},
		{"nothing declared, and any range", "*/*", "application/octet-stream", exe, "", false},
		{"an archive with nothing in it", "application/zip", "application/zip", "PK\x05\x06" + strings.Repeat("\x00", 18), "a.zip", true},
		{"a book with nothing in it", docx, docx, "PK\x05\x06" + strings.Repeat("\x00", 18), "a.docx", true},
		{"music without a tag", "audio/*", "audio/mpeg", mp3(0x90, 417), "a.mp3", true},
		{"music without a tag, of which nothing is declared", "audio/mpeg", "", mp3(0x90, 417), "a.mp3", true},
		{"music in the largest frames", "audio/mpeg", "audio/mpeg", mp3(0xea, 1441), "a.mp3", true},
		{"music whose frames are not where they should be", "audio/mpeg", "audio/mpeg", mp3(0xe8, 960), "a.mp3", false},
		{"music at a rate that is none", "audio/mpeg", "audio/mpeg", mp3(0x9c, 417), "a.mp3", false},
		{"music of one frame", "audio/mpeg", "audio/mpeg", mp3(0x90, 417)[:417], "a.mp3", false},
		{"music by its other name", "audio/mpeg", "audio/mp3", "ID3\x03", "a.mp3", true},
		{"Vorbis", "audio/*", "audio/ogg", ogg("\x01vorbis"), "a.ogg", true},
		{"Opus", "audio/ogg", "audio/ogg", ogg("OpusHead"), "a.opus", true},
		{"Opus of which nothing is declared", "audio/ogg", "", ogg("OpusHead"), "a.opus", true},
		{"Theora that is declared to be music", "audio/ogg", "audio/ogg", ogg("\x80theora"), "a.ogg", false},
		{"Theora", "video/*", "video/ogg", ogg("\x80theora"), "a.ogv", true},
		{"the container by its own name", "application/ogg", "application/ogg", ogg("OpusHead"), "a.ogx", true},
		{"the container of something else", "audio/ogg", "audio/ogg", ogg("unheard"), "a.ogg", false},
		{"a container that is cut", "audio/ogg", "audio/ogg", "OggS\x00", "a.ogg", false},
		{"FLAC", "audio/*", "audio/flac", "fLaC\x00\x00\x00\x22", "a.flac", true},
	} {
		if got := form.NewAccepter(strings.Split(tt.accept, ",")).Accepts(tt.declared, form.Memory([]byte(tt.content)).Sniffed, tt.file); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// mp3 is two frames of MPEG 1, layer III, of so many bytes each; rates says their bits and samples in a second.
func mp3(rates byte, size int) string {
	frame := "\xff\xfb" + string([]byte{rates}) + strings.Repeat("\x00", size-3)
	return frame + frame
}

// ogg is the first page of a stream.
func ogg(packet string) string {
	return "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01" + string([]byte{byte(len(packet))}) + packet
}
