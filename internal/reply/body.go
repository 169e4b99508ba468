package reply

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/shape"
)

// Body is the body of an output.
type Body struct {
	// JSON is the type that is written as JSON; nil for other bodies.
	JSON *shape.Type
	// Stream is the plan of a body of items; nil for other bodies.
	Stream *Stream
	// Media are the media types that the body can have, without parameters; the first is the default.
	Media []string
	// ContentType is the Content-Type of the default; "" when the sender says it.
	ContentType string

	types   []string // as the tag has them; nil is JSON
	index   []int    // field tagged body; nil is the whole output
	content content
}

// content writes one kind of body. It appends a whole body to b, or returns what sends it.
type content interface {
	write(b []byte, v reflect.Value) ([]byte, Sender, error)
}

// body decides which kind of body a type is: the whole output, or the field f.
func (c *compiler) body(p *Plan, typ *shape.Type, f *shape.Field) []error {
	var types []string
	b := &Body{}
	if f != nil {
		b.index, types = f.Index, f.Tag.Media
	}
	p.Body = b
	if typ.Kind == shape.Stream {
		return b.stream(typ, types)
	}
	if types == nil {
		b.Media, b.ContentType = []string{ContentType}, ContentType
		return c.json(p, typ)
	}
	for _, t := range types {
		essence, _, ok := media.Essence(t)
		if !ok || media.IsRange(essence) {
			return []error{fmt.Errorf("%q is not a media type", t)}
		}
		if !slices.Contains(b.Media, essence) {
			b.Media = append(b.Media, essence)
		}
	}
	b.ContentType, b.types = types[0], types
	return c.other(p, typ)
}

// other is a body that its tag gives a media type.
func (c *compiler) other(p *Plan, typ *shape.Type) []error {
	b := p.Body
	if typ.Kind != shape.Raw {
		return c.json(p, typ) // by another name
	}
	if b.content = raw(typ.Go); b.content != nil {
		return nil
	}
	if typ.Go.Kind() == reflect.Pointer {
		if special := c.special(typ.Go.Elem()); special != nil && special.Ranges {
			b.content, b.ContentType = specialContent{special, b.types}, ""
			return nil
		}
	}
	return []error{fmt.Errorf("a body of %s is a string, []byte or io.Reader, as it will be sent, not %s", b.Media[0], typ.Go)}
}

func bodiless(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent
}
