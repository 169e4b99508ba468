package openapi

import "github.com/tenon-go/tenon/schema"

// answer is what an operation says of a status: by itself, by its class such as 2XX, or by default (section 4.8.16); nil is nothing.
func (d *Document) answer(all map[string]*Response, status string) *Response {
	for _, name := range [...]string{status, status[:min(1, len(status))] + "XX", "default"} {
		if r := d.response(all[name]); r != nil {
			return r
		}
	}
	return nil
}

func (d *differ) response(status string, was, is *Response) {
	success := status < "400"
	switch {
	case is == nil:
		d.add(success, "the answer is gone")
		return
	case was == nil:
		d.add(success && status != "206" && status != "304", "the answer is new")
		return
	}
	for _, name := range names(was.Headers, is.Headers) {
		d.within("header "+name, func() {
			a, b := was.Headers[name], is.Headers[name]
			switch {
			case b == nil:
				d.add(true, "it is gone")
			case a == nil:
				d.add(false, "it is new")
			default:
				d.schema(schema.Output, a.Schema, b.Schema)
			}
		})
	}
	if a, b := was.Content[problemType], is.Content[problemType]; !success && a != nil && b != nil && len(was.Content) == 1 && len(is.Content) == 1 {
		d.problems(a.Schema, b.Schema)
		return
	}
	d.content(schema.Output, was.Content, is.Content)
}
