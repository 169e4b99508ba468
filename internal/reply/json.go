package reply

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
)

// ContentType is the media type of a body whose tag says nothing else.
const ContentType = "application/json"

// jsonContent writes a value as JSON.
type jsonContent struct{ encode encode.Append }

func (c jsonContent) write(b []byte, v reflect.Value) ([]byte, Sender, error) {
	b, err := c.encode(b, v)
	if err != nil {
		return b, nil, fmt.Errorf("encode: %w", err)
	}
	return b, nil, nil
}

func (c *compiler) json(p *Plan, typ *shape.Type) []error {
	b := p.Body
	b.JSON = typ
	plain := typ.Plain()
	if c.method == http.MethodGet && (plain.Kind == shape.Slice || plain.Kind == shape.Array) {
		return []error{fmt.Errorf("type %s: a GET does not return a bare list: return a page.Of, or an object that bounds its list", typ.Go)}
	}
	if b.index != nil && !p.Links && reflect.PointerTo(plain.Go).Implements(linksType) {
		p.Links, p.linksBody = true, true
	}
	enc, faults := encode.Compile(typ)
	b.content = jsonContent{enc}
	return faults
}
