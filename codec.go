package tenon

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// Codec carries bodies of one more media type over JSON: what a request holds becomes JSON text before it is read, so that checks,
// faults and strictness are the same for every type, and an answer is made of the JSON text that it would have been. Either
// function may be nil; then the type is only written, or only read. Both are called by many requests at once.
type Codec struct {
	// ToJSON makes JSON text of a request body, which it must not keep or change. Its error is logged nowhere and answered with
	// 400. Body and text have at most Limits.Body bytes; what is more in memory than its text, such as an alias that is
	// expanded, the codec must bound itself.
	ToJSON func(body []byte) (text []byte, err error)
	// FromJSON makes the body of an answer from JSON text, which it must not keep or change. Its error is answered with 500.
	FromJSON func(text []byte) (body []byte, err error)
	// Name is what FormatParameter and FormatSuffix call the media type, of lower-case letters and digits. Default: the part after the
	// slash without "x-", when that is such a name: yaml for application/x-yaml. A media type without a name is picked by Accept alone.
	Name string
}

// codecEntry is a codec with its media type, in lower case and without parameters.
type codecEntry struct {
	media string
	name  string // "" is none
	Codec
}

// Codec registers a media type for the JSON bodies of all operations: the Content-Type of a request picks it for what is
// read, Accept for what is answered, and the document lists it. Problems stay application/problem+json.
func (a *App) Codec(mediaType string, c Codec) {
	a.open(caller())
	a.fault(caller(), a.addCodec(mediaType, c))
}

func (a *App) addCodec(mediaType string, c Codec) error {
	essence, _, ok := media.Essence(mediaType)
	switch {
	case !ok || essence != mediaType || media.IsRange(essence):
		return fmt.Errorf("codec %q: the name is not a media type in lower case without parameters, such as application/cbor", mediaType)
	case essence == jsonType || essence == problem.MediaType || essence == formType || essence == multipartType || essence == mergeType:
		return fmt.Errorf("codec %q: the framework reads and writes this type itself", mediaType)
	case c.ToJSON == nil && c.FromJSON == nil:
		return fmt.Errorf("codec %q: it has neither ToJSON nor FromJSON", mediaType)
	}
	name, err := c.formatName(essence)
	if err != nil {
		return err
	}
	for _, other := range a.codecs {
		if other.media == essence {
			return fmt.Errorf("codec %q exists already", mediaType)
		}
		if other.name == name && name != "" {
			return fmt.Errorf("codec %q: the name %q is that of %s; set Codec.Name", mediaType, name, other.media)
		}
	}
	a.codecs = append(a.codecs, &codecEntry{media: essence, name: name, Codec: c})
	return nil
}

// formatName is the name of the media type in a path or query; "" is none.
func (c Codec) formatName(essence string) (string, error) {
	_, sub, _ := strings.Cut(essence, "/")
	name := cmp.Or(c.Name, strings.TrimPrefix(sub, "x-"))
	is := name != "json" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
	if !is && c.Name != "" {
		return "", fmt.Errorf("codec %q: the name %q is not of lower-case letters and digits, or is json", essence, c.Name)
	}
	if !is {
		return "", nil
	}
	return name, nil
}

// form is the codec that an answer is written with; nil for JSON and for bodies that are not made of it.
func (p *plan) form(mediaType string) *codecEntry {
	for _, c := range p.forms {
		if c.media == mediaType {
			return c
		}
	}
	return nil
}

var errNotMedia = errors.New("the codec refused the body")

// toJSON makes JSON text of limit bytes or fewer of a body.
func (c *codecEntry) toJSON(body []byte, limit int64) ([]byte, error) {
	text, err := c.ToJSON(body)
	if err != nil {
		return nil, message.Problem(message.NotMedia, c.media).WithFaults(message.In("body", message.Media.With(c.media))).
			Wrap(errors.Join(errNotMedia, err))
	}
	if int64(len(text)) > limit {
		return nil, problem.New(problem.CodeContentTooLarge, "")
	}
	return text, nil
}
