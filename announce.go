package tenon

import (
	"maps"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/openapi"
)

// announced are header fields of every answer of an operation.
type announced struct {
	kind   string
	fields map[string]*openapi.Header
}

// Announce documents header fields that every answer of the operation has, whatever its status. It is for options whose middleware sets them. kind
// begins the names of shared answers among the components of the document, such as "Limited"; the same kind has the same fields everywhere.
func (o *Operation) Announce(kind string, fields map[string]*openapi.Header) {
	for _, known := range o.announced {
		if known.kind == kind {
			return
		}
	}
	o.announced = append(slices.Clip(o.announced), announced{kind, fields})
}

// announced documents what Announce was told.
func (d *description) announced(op *openapi.Operation, p *plan) {
	for _, a := range p.op.announced {
		for status, r := range op.Responses {
			op.Responses[status] = d.withHeaders(a.kind, r, a.fields)
		}
	}
}

// withHeaders is a response with further header fields. One of the components becomes another component, whose name begins with kind:
// operations without the fields share it.
func (d *description) withHeaders(kind string, r *openapi.Response, headers map[string]*openapi.Header) *openapi.Response {
	shared := d.doc.Components.Responses
	name, isShared := strings.CutPrefix(r.Ref, responsesPath)
	own := *r
	if isShared {
		if shared[kind+name] != nil {
			return &openapi.Response{Ref: responsesPath + kind + name}
		}
		own = *shared[name]
	}
	all := maps.Clone(headers)
	maps.Copy(all, own.Headers) // a Link of its own says more
	own.Headers = all
	if !isShared {
		return &own
	}
	shared[kind+name] = &own
	return &openapi.Response{Ref: responsesPath + kind + name}
}
