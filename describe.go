package tenon

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// description builds the document of an app from its plans: from what runs, not from a second account of it.
type description struct {
	app  *App
	set  *schema.Set
	doc  *openapi.Document
	spec *schema.Schema // reference to the component Problem
	ours map[problem.Code]*problem.Error
	bare bool // without what versions say of themselves
}

// describe describes operations in a document that is served at a path; "" is nowhere.
func (a *App) describe(plans []*plan, at string) *openapi.Document {
	return a.describeAs(plans, at, false)
}

// describeAs is describe, bare or with what versions say of themselves.
func (a *App) describeAs(plans []*plan, at string, bare bool) *openapi.Document {
	d := &description{app: a, bare: bare, ours: map[problem.Code]*problem.Error{},
		set: schema.NewSet(schema.Config{Types: a.shapes, Items: a.bodyLimits().Items}), doc: &openapi.Document{
			Info: a.info(), ExternalDocs: a.cfg.ExternalDocs, Extensions: a.cfg.Extensions, Servers: a.server(at),
			Paths:      map[string]*openapi.PathItem{},
			Components: &openapi.Components{Responses: map[string]*openapi.Response{}},
		}}
	if a.cfg.Errors == nil {
		d.spec = d.set.Define("Problem", problemSchema())
	}
	for _, p := range plans {
		if p.op.Hidden {
			continue
		}
		path := strings.ReplaceAll(p.op.Path, "...}", "}")
		item := d.doc.Paths[path]
		if item == nil {
			item = &openapi.PathItem{}
			d.doc.Paths[path] = item
		}
		op := d.operation(p)
		item.Set(p.op.Method, op)
		if p.formats != nil && p.formats.suffix {
			d.suffixed(path, p, op)
		}
	}
	d.webhooks()
	d.doc.Tags = d.tags(slices.Concat(plans, d.app.hooks))
	d.doc.Components.Schemas = map[string]*schema.Schema{}
	for _, c := range d.set.Components() {
		d.doc.Components.Schemas[c.Name] = c.Schema
	}
	return d.doc
}

func (d *description) operation(p *plan) *openapi.Operation {
	op := &openapi.Operation{
		Tags: p.op.Tags, Summary: p.op.Summary, Description: p.op.Description, OperationID: p.op.OperationID,
		Deprecated: p.op.Deprecated, Responses: map[string]*openapi.Response{},
	}
	for _, f := range slices.Concat(p.params, p.others) {
		if !f.Tag.Hidden {
			op.Parameters = append(op.Parameters, d.parameter(f))
		}
	}
	if p.formats != nil && p.formats.parameter != "" {
		op.Parameters = append(op.Parameters, &openapi.Parameter{
			Name: p.formats.parameter, In: string(tag.Query), Description: "The form of the answer; without it Accept decides.", Schema: p.formats.schema(),
		})
	}
	if p.body != nil {
		op.RequestBody = d.requestBody(p)
		op.Parameters = append(op.Parameters, codings(p)...)
	}
	for _, status := range p.out.Statuses {
		op.Responses[strconv.Itoa(status)] = d.success(p, status, p.out)
	}
	for _, o := range p.out.Outcomes {
		status := o.Plan.Statuses[0]
		op.Responses[strconv.Itoa(status)] = d.success(p, status, p.out, o.Plan)
	}
	if p.conditional {
		op.Responses["304"] = d.notModified(p)
	}
	if p.ranges {
		op.Responses["206"] = d.partial(p)
	}
	d.callbacks(op, p)
	d.problems(op, p)
	d.security(op, p)
	for _, part := range p.op.parts {
		if describer, ok := part.(Describer); ok {
			describer.Describe(op)
		}
	}
	d.extras(op, p)
	d.notice(op, p)
	d.announced(op, p)
	return op
}

func (d *description) parameter(f *shape.Field) *openapi.Parameter {
	p := &openapi.Parameter{
		Name: f.Name, In: string(f.Source), Required: f.Required, Schema: d.undescribed(f, schema.Input),
		Description: f.Tag.Rules.Doc, Deprecated: f.Tag.Rules.Deprecated, Style: f.Tag.Style,
	}
	if f.Tag.Style != "" || f.Tag.Joined {
		p.Explode = new(f.Tag.Style == tag.DeepObject)
	}
	if f.MayBeEmpty() && len(p.Schema.Examples) == 0 {
		p.Example = map[string]any{} // else pages that try things out fill in every member, which together make no sense
	}
	if s := p.Schema; f.Source == tag.Path && s.MinLength == nil && s.Format == "" && s.Enum == nil && slices.Equal(s.Types, []string{"string"}) {
		s.MinLength = new(1) // no route takes an empty segment
	}
	return p
}

// undescribed is the schema of a parameter or header field, without what the object around it says.
func (d *description) undescribed(f *shape.Field, way schema.Direction) *schema.Schema {
	s := *d.set.Field(f, way)
	if s.Description == f.Tag.Rules.Doc {
		s.Description = ""
	}
	s.Deprecated = s.Deprecated && !f.Tag.Rules.Deprecated
	return &s
}

func text(format string) *schema.Schema {
	return &schema.Schema{Types: []string{"string"}, Format: format}
}

// problems documents what an operation can fail with: its own problems and those of its input. Answers that many operations
// share stand once, among the components.
func (d *description) problems(op *openapi.Operation, p *plan) {
	byStatus := map[int][]*problem.Error{}
	for _, code := range append(p.implied(), problem.CodeInternal) {
		e := d.standard(code)
		byStatus[e.Status()] = append(byStatus[e.Status()], e)
	}
	if p.bounded {
		byStatus[http.StatusServiceUnavailable] = append(byStatus[http.StatusServiceUnavailable], errOverloaded())
	}
	shared := map[int]bool{}
	for status := range byStatus {
		shared[status] = true
	}
	for _, e := range p.op.Fails {
		byStatus[e.Status()] = append(byStatus[e.Status()], e)
		shared[e.Status()] = false
	}
	for status, problems := range byStatus {
		key := strconv.Itoa(status)
		if !shared[status] {
			op.Responses[key] = d.problemResponse(problems)
			continue
		}
		name := componentName(problems[0].Code())
		if d.doc.Components.Responses[name] == nil {
			d.doc.Components.Responses[name] = d.problemResponse(problems)
		}
		op.Responses[key] = &openapi.Response{Ref: responsesPath + name}
	}
}

// standard is a problem of the framework, made once.
func (d *description) standard(code problem.Code) *problem.Error {
	e := d.ours[code]
	if e == nil {
		e = problem.New(code, "")
		d.ours[code] = e
	}
	return e
}

const responsesPath = "#/components/responses/"

// componentName makes a component's name of a problem's code: validation-failed is ValidationFailed.
func componentName(code string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(code, "-") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

func (d *description) problemResponse(problems []*problem.Error) *openapi.Response {
	examples := map[string]*openapi.Example{}
	var titles []string
	for _, e := range problems {
		if !slices.Contains(titles, e.Title()) {
			titles = append(titles, e.Title())
		}
		if value := d.example(e); value != nil {
			examples[e.Code()] = &openapi.Example{Summary: e.Title(), Value: value}
		}
	}
	if len(examples) == 0 {
		examples = nil
	}
	header := map[string]*openapi.Header{}
	for _, e := range problems {
		for name := range e.Header() {
			header[name] = &openapi.Header{Schema: text("")}
		}
	}
	if len(header) == 0 {
		header = nil
	}
	return &openapi.Response{
		Description: strings.Join(titles, " "),
		Headers:     header,
		Content:     map[string]*openapi.MediaType{d.app.errorMedia(): {Schema: d.errorSchema(problems), Examples: examples}},
	}
}

// exampleInstance stands for a request id in examples.
const exampleInstance = "019abcde-f012-7345-8678-9abcdef01234"

// example is the body of a problem; nil where it has members that nobody gave.
func (d *description) example(e *problem.Error) any {
	if members, occurred := e.Extension(); members != nil && !occurred {
		return nil
	}
	if e.Code() == string(problem.CodeValidationFailed) && len(e.Faults()) == 0 {
		e = e.WithFaults(message.In("body", message.MinLength.With(1).At("/name")))
	}
	body, err := d.app.errorBody(nil, e, problem.Occurrence{TypeBase: d.app.cfg.ProblemBase, RequestID: exampleInstance})
	if err != nil {
		d.app.faults = append(d.app.faults, fmt.Errorf("problem %q: the example: %w", e.Code(), err))
		return nil
	}
	return rawJSON(body)
}

func problemSchema() *schema.Schema {
	return &schema.Schema{
		Types: []string{"object"}, Title: "Problem", Description: "A problem as RFC 9457 describes it.",
		Required: []string{"type", "title", "status", "instance", "code"},
		Properties: []schema.Named{
			{Name: "type", Schema: described(text("uri-reference"), "Names the kind of problem.")},
			{Name: "title", Schema: described(text(""), "The same sentence for every occurrence.")},
			{Name: "status", Schema: &schema.Schema{Types: []string{"integer"}, Minimum: "400", Maximum: "599", Description: "The HTTP status code."}},
			{Name: "detail", Schema: described(text(""), "What happened this time.")},
			{Name: "instance", Schema: described(text("uri"), "The request, as the service's log names it.")},
			{Name: "code", Schema: described(text(""), "A stable code for programs.")},
			{Name: "params", Schema: paramsSchema("The values in the detail, for programs that say it in another language.")},
			{Name: "errors", Schema: &schema.Schema{Types: []string{"array"}, Description: "All faults of the input.", Items: faultSchema()}},
		},
	}
}

func faultSchema() *schema.Schema {
	sources := []tag.Source{tag.Path, tag.Query, tag.Header, tag.Cookie, tag.Body}
	in := described(text(""), "Where the value stood.")
	for _, s := range sources {
		in.Enum = append(in.Enum, rawJSON(strconv.Quote(string(s))))
	}
	return &schema.Schema{
		Types: []string{"object"}, Required: []string{"in", "pointer", "code", "message"},
		Properties: []schema.Named{
			{Name: "in", Schema: in},
			{Name: "pointer", Schema: described(text("json-pointer"), "The value, as a JSON Pointer (RFC 6901).")},
			{Name: "code", Schema: described(text(""), "The rule that was broken, such as minLength.")},
			{Name: "message", Schema: described(text(""), "The same for a person.")},
			{Name: "params", Schema: paramsSchema("The values in the message, for programs that say it in another language.")},
		},
	}
}

func paramsSchema(text string) *schema.Schema {
	return &schema.Schema{Types: []string{"object"}, Description: text}
}

func described(s *schema.Schema, text string) *schema.Schema {
	s.Description = text
	return s
}
