package tenon

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/bind"
	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/problem"
)

// FormatParameter lets a query parameter of this name, such as "format", pick the form of an answer that is JSON: ?format=json, or the
// name of a codec. It takes the place of Accept; a name that is none is answered with 406. On a group or app it is for the operations
// that answer with JSON; on an operation it must be one.
func FormatParameter(name string) Option {
	return func(o *Operation) {
		if name == "" {
			o.Fault(errors.New("FormatParameter has no name, want one such as \"format\""))
			return
		}
		o.FormatParameter = name
		o.said = append(o.said, sayFormatParameter)
	}
}

// FormatSuffix lets the end of a path pick the form of an answer that is JSON: /users.json and /users/7.json, or the name of a codec
// behind the dot. It takes the place of Accept. What follows a dot and names no form is part of the path, as it is without this
// option. A path that ends in {name...} takes no suffix. On a group or app it is for the operations that can follow it; on an operation
// it must be one.
func FormatSuffix() Option {
	return func(o *Operation) {
		o.FormatSuffix = true
		o.said = append(o.said, sayFormatSuffix)
	}
}

// formats are the forms of an answer that a client may pick by name.
type formats struct {
	parameter string // of the query; "" is none
	suffix    bool   // of the path
	list      []format
}

// format is a form of JSON answers with a name.
type format struct {
	name, media string
	codec       *codecEntry // nil is JSON
}

// formatSuffix is how a path with a suffix is written: no wildcard can have such a name.
const formatSuffix = ".{format}"

// planFormats works out which forms a client may pick.
func (p *plan) planFormats(r *route) error {
	if !slices.Contains(p.media, jsonType) || p.op.FormatParameter == "" && !p.op.FormatSuffix {
		return nil
	}
	f := &formats{parameter: p.op.FormatParameter, list: []format{{name: "json", media: jsonType}}}
	for _, c := range p.forms {
		if c.name != "" {
			f.list = append(f.list, format{c.name, c.media, c})
		}
	}
	p.formats = f
	if f.parameter != "" {
		named := func(g *shape.Field) bool { return g.Source == tag.Query && g.Name == f.parameter }
		if slices.ContainsFunc(slices.Concat(p.params, p.others), named) {
			return fmt.Errorf("%s: the query parameter %s is a field of the input, and that of FormatParameter", p.name, f.parameter)
		}
		if p.bind != nil {
			p.bind.Elsewhere = append(p.bind.Elsewhere, f.parameter)
		}
	}
	n := len(r.segments)
	if !p.op.FormatSuffix || n == 0 || r.segments[n-1].kind == rest {
		return nil
	}
	if slices.Contains(p.names, "format") {
		return fmt.Errorf("%s: the path has a wildcard {format}, which is the name of what FormatSuffix adds", p.name)
	}
	f.suffix = true
	if r.segments[n-1].kind == wildcard {
		r.picks = true // see cut
		return nil
	}
	for i := range f.list {
		with := *r
		with.segments = slices.Clone(r.segments)
		with.segments[n-1].text += "." + f.list[i].name
		with.pattern, with.format, with.picks = r.pattern+"."+f.list[i].name, &f.list[i], true
		r.suffixed = append(r.suffixed, &with)
	}
	return nil
}

// cut takes the suffix off the value of the last wildcard of a path and returns the form that it names, or nil. What would be no
// segment without its suffix keeps it.
func (f *formats) cut(value string) (string, *format) {
	dot := strings.LastIndexByte(value, '.')
	if dot < 1 || value[:dot] == "." || value[:dot] == ".." {
		return value, nil
	}
	if named := f.named(value[dot+1:]); named != nil {
		return value[:dot], named
	}
	return value, nil
}

func (f *formats) named(name string) *format {
	for i := range f.list {
		if f.list[i].name == name {
			return &f.list[i]
		}
	}
	return nil
}

func (f *formats) names() []string {
	var names []string
	for _, one := range f.list {
		names = append(names, one.name)
	}
	return names
}

// suffix notes the form that the end of a path picks, and gives the pattern of such a path. It is for a route that picks.
func (ex *exchange) suffix(route *route) (pattern string) {
	if route.format != nil {
		ex.picked = route.format
		return strings.TrimSuffix(route.pattern, "."+route.format.name) + formatSuffix
	}
	last := &ex.match.values[ex.match.n-1]
	if *last, ex.picked = route.plan.formats.cut(*last); ex.picked != nil {
		return route.pattern + formatSuffix
	}
	return route.pattern
}

// acceptable settles the form of the answer: by what the client picked, else by Accept.
func (p *plan) acceptable(r *http.Request, ex *exchange) *problem.Error {
	if f := p.formats; f != nil && f.parameter != "" && r.URL.RawQuery != "" {
		if name, ok := bind.Find(r.URL.RawQuery, f.parameter); ok {
			named := f.named(name)
			if named == nil {
				return message.Problem(message.NoFormat, f.names())
			}
			if ex.picked != nil && ex.picked != named {
				return message.Problem(message.TwoFormats)
			}
			ex.picked = named
		}
	}
	if ex.picked != nil {
		ex.form = ex.picked.codec
		return nil
	}
	accept := r.Header["Accept"]
	if p.media == nil || anything(accept) {
		return nil
	}
	best := media.Best(accept, p.media)
	if best == "" {
		return message.Problem(message.NotAcceptable, p.media)
	}
	ex.form = p.form(best)
	return nil
}

// anything reports whether a client takes every media type, as most say.
func anything(accept []string) bool {
	return len(accept) == 0 || len(accept) == 1 && accept[0] == "*/*"
}
