package tenon

import (
	"strconv"

	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
)

// suffixed describes the path of an operation with the suffix that picks a form, as a path of its own.
func (d *description) suffixed(path string, p *plan, op *openapi.Operation) {
	with := *op
	with.OperationID = formatID(p.op.OperationID)
	with.Parameters = append([]*openapi.Parameter{}, op.Parameters...)
	with.Parameters = append(with.Parameters, &openapi.Parameter{
		Name: "format", In: string(tag.Path), Required: true, Description: "The form of the answer.", Schema: p.formats.schema(),
	})
	item := d.doc.Paths[path+formatSuffix]
	if item == nil {
		item = &openapi.PathItem{}
		d.doc.Paths[path+formatSuffix] = item
	}
	item.Set(p.op.Method, &with)
}

// formatID is the id of an operation at its path with a suffix.
func formatID(id string) string { return id + "InFormat" }

// schema lists the names of the forms.
func (f *formats) schema() *schema.Schema {
	s := text("")
	for _, one := range f.list {
		s.Enum = append(s.Enum, rawJSON(strconv.Quote(one.name)))
	}
	return s
}
