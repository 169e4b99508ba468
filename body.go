package tenon

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data"
	mergeType     = "application/merge-patch+json" // RFC 7396
)

// defaultBody is the most bytes of a body where nothing else is said.
const defaultBody = 1 << 20

// bodyPlan reads the body of a request into a field of the input, or into the whole of it.
type bodyPlan struct {
	field    *shape.Field // nil: the whole input
	accepts  []accepted   // media types, in the order in which they are told
	optional bool
	limit    int64
	patches  bool // the method is PATCH
	text     bool // the charset must be UTF-8
	gzip     bool // the body may be compressed

	codec *codec.Plan // JSON
	raw   *rawPlan    // what the tag's media types say
	form  *formPlan   // the fields of a form
}

// accepted is one media type, or a range of them, that a body may have.
type accepted struct {
	media string
	codec *codecEntry // nil: as the plan reads it
}

func (b *bodyPlan) mediaTypes() []string {
	names := make([]string, len(b.accepts))
	for i, t := range b.accepts {
		names[i] = t.media
	}
	return names
}

func (a *App) planBody(p *plan, f *shape.Field, typ *shape.Type) []error {
	b, err := a.newBody(p, typ)
	if err != nil {
		return []error{err}
	}
	b.field = f
	var rules tag.Rules
	if f != nil {
		rules = f.Tag.Rules
		b.optional = !f.Required
		if f.Tag.Media != nil {
			if err := b.planRaw(f, a.formats); err != nil {
				return []error{fmt.Errorf("type %s: field %s: %w", p.in.Go, f.GoName, err)}
			}
			return nil
		}
	}
	b.text = true
	b.accepts = []accepted{{media: jsonType}}
	if p.op.Method == http.MethodPatch && mergeable(typ, nil) {
		b.accepts = append(b.accepts, accepted{media: mergeType})
	}
	for _, c := range a.codecs {
		if c.ToJSON != nil {
			b.accepts = append(b.accepts, accepted{c.media, c})
		}
	}
	plan, faults := a.compiler().Compile(typ, rules)
	b.codec = plan
	return faults
}

// compiler makes the plans of all JSON that requests send.
func (a *App) compiler() *codec.Compiler {
	if a.bodies == nil {
		a.bodies = codec.NewCompiler(a.formats, a.bodyLimits())
	}
	return a.bodies
}

// bodyLimits bound every JSON body; the document says them.
func (a *App) bodyLimits() codec.Limits {
	l := a.cfg.Limits
	return codec.Limits{Depth: l.Depth, Items: l.Items, StringBytes: l.StringBytes, Total: l.Total}.WithDefaults()
}

// newBody gives an operation its body, in or of a value of type typ.
func (a *App) newBody(p *plan, typ *shape.Type) (*bodyPlan, error) {
	if p.op.Method == http.MethodGet {
		return nil, fmt.Errorf("type %s: a GET has no body (RFC 9110, section 9.3.1); take the values from the query", typ.Go)
	}
	p.body = &bodyPlan{
		limit: cmp.Or(p.op.BodyLimit, a.cfg.Limits.Body, defaultBody), patches: p.op.Method == http.MethodPatch, gzip: len(p.op.Decompress) > 0,
	}
	return p.body, nil
}

// mergeable reports whether a body says what a merge patch does (RFC 7396): every member may be absent, objects within are
// merged by the same rule, and a value of another kind takes the place of the old one.
func mergeable(t *shape.Type, within []*shape.Type) bool {
	t = t.Plain()
	switch {
	case slices.Contains(within, t):
		return true
	case t.Kind == shape.Map:
		null := t.Elem.Kind == shape.Null || t.Elem.Kind == shape.Pointer
		return null && mergeableMember(t.Elem, append(within, t))
	case t.Kind != shape.Struct || len(t.Fields) == 0:
		return false
	}
	for _, f := range t.Fields {
		if f.Type.Kind != shape.Opt || !mergeableMember(f.Type, append(within, t)) {
			return false
		}
	}
	return true
}

func mergeableMember(t *shape.Type, within []*shape.Type) bool {
	switch t.Plain().Kind {
	case shape.Struct, shape.Map:
		return mergeable(t, within)
	case shape.Union:
		return false // what is said of a variant is not enough to tell which
	}
	return true
}

// agree settles the media type of a body before anything of it is read, and notes which codec it wants.
func (b *bodyPlan) agree(r *http.Request, ex *exchange) *problem.Error {
	sent := r.Header["Content-Type"]
	if len(sent) != 1 {
		return b.unsupported(message.ContentTypes)
	}
	if b.codec == nil || sent[0] != jsonType {
		essence, charset, ok := media.Essence(sent[0])
		chosen := b.find(essence)
		if !ok || chosen == nil {
			return b.unsupported(message.ContentType)
		}
		if b.text && cmp.Or(charset, "utf-8") != "utf-8" {
			return b.unsupported(message.Charset)
		}
		ex.codec = chosen.codec
	}
	return b.agreeCoding(r, ex)
}

// agreeCoding settles whether the body is compressed.
func (b *bodyPlan) agreeCoding(r *http.Request, ex *exchange) *problem.Error {
	switch coding := r.Header["Content-Encoding"]; {
	case len(coding) == 0 || len(coding) == 1 && strings.EqualFold(coding[0], "identity"):
		return nil
	case !b.gzip:
		return message.Problem(message.Compressed).WithHeader("Accept-Encoding", "identity")
	case len(coding) == 1 && (strings.EqualFold(coding[0], "gzip") || strings.EqualFold(coding[0], "x-gzip")): // RFC 9110, section 8.4.1.3
		ex.gzip = true
		return nil
	}
	return message.Problem(message.ContentCoding).WithHeader("Accept-Encoding", "gzip, identity")
}

func (b *bodyPlan) find(essence string) *accepted {
	for i := range b.accepts {
		if media.Matches(b.accepts[i].media, essence) {
			return &b.accepts[i]
		}
	}
	return nil
}

func (b *bodyPlan) unsupported(detail *problem.Text) *problem.Error {
	names := b.mediaTypes()
	listed := strings.Join(names, ", ")
	e := message.Problem(detail, names).WithHeader("Accept", listed)
	if b.patches {
		e = e.WithHeader("Accept-Patch", listed) // RFC 5789, section 2.2
	}
	return e
}

// rawPlan fills a field with a body as it was sent.
type rawPlan struct {
	stream  bool            // an io.Reader, read by the handler
	answers time.Duration   // that of its pace
	set     validate.Setter // of a string
	opt     bool            // the field is an Opt
}

var readerType = reflect.TypeFor[io.Reader]()

func (b *bodyPlan) planRaw(f *shape.Field, formats validate.Formats) error {
	b.raw = &rawPlan{opt: f.Type.Kind == shape.Opt}
	for _, name := range f.Tag.Media {
		essence, _, ok := media.Essence(name)
		if !ok || essence != name {
			return fmt.Errorf("tag body: %q is not a media type or range without parameters, such as image/png or image/*", name)
		}
		b.accepts = append(b.accepts, accepted{media: name})
	}
	t := f.Type.Plain().Go
	rules := f.Tag.Rules
	if t.Kind() == reflect.String {
		text := &shape.Type{Go: t, Kind: shape.String}
		checks, errs := validate.Compile(text, rules, formats)
		if errs != nil {
			return errors.Join(errs...)
		}
		b.text = true
		set, err := validate.Scalar(text, checks)
		b.raw.set = set
		return err
	}
	rules.Doc, rules.Examples, rules.Deprecated = "", nil, false
	if !reflect.ValueOf(rules).IsZero() {
		return errors.New("rules are for text; tenon.BodyLimit bounds the bytes of a body")
	}
	switch {
	case t == readerType:
		b.raw.stream = true
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
	default:
		return fmt.Errorf("a body with a media type in its tag is []byte, string or io.Reader, as it was sent, not %s; "+
			"leave the value out for JSON, and see App.Codec for other forms of it", t)
	}
	return nil
}

// paced reports whether the body is read piece by piece, for as long as it gets on.
func (b *bodyPlan) paced() bool {
	return b.form != nil && b.form.uploads != nil || b.raw != nil && b.raw.stream
}

// read fills a field, given by its reflect.Value, with the body.
func (p *rawPlan) read(body incoming, ex *exchange, v reflect.Value) error {
	if p.opt {
		v.FieldByName("Set").SetBool(true)
		v = v.FieldByName("Value")
	}
	if p.stream {
		from, err := body.paced(p.answers)
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(from))
		return nil
	}
	if p.set == nil {
		content, err := body.all(nil) // not of the pool: it belongs to the handler
		if err != nil {
			return err
		}
		v.SetBytes(content)
		return nil
	}
	text, err := body.all(ex.in)
	ex.in = text
	if err != nil {
		return err
	}
	ex.faults.TextBytes = int(body.limit) // the text is the body
	p.set(v, string(text), &ex.faults)
	return nil
}
