package tenon

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
)

// OperationInfo says what runs for one operation. It is made of the compiled plan, like the document: it is no second account.
type OperationInfo struct {
	Method      string   `json:"method" doc:"The method; GET answers HEAD too."`
	Path        string   `json:"path" doc:"The pattern of the path."`
	ID          string   `json:"id" doc:"The operation id of the document."`
	Version     string   `json:"version,omitzero" doc:"The version of the API; absent: it has none."`
	Summary     string   `json:"summary,omitzero" doc:"One line of the document."`
	Description string   `json:"description,omitzero" doc:"Markdown of the document."`
	Tags        []string `json:"tags,omitzero" doc:"Tags of the document."`
	Deprecated  bool     `json:"deprecated,omitzero" doc:"Whether the document says so."`
	Hidden      bool     `json:"hidden,omitzero" doc:"Whether the document leaves it out."`
	Critical    bool     `json:"critical,omitzero" doc:"Whether it may use the places that others leave in an overload."`
	Site        string   `json:"site" doc:"File and line of the registration."`
	Handler     string   `json:"handler" doc:"Name of the function."`

	Options    []OptionInfo     `json:"options,omitzero" doc:"Options in the order in which they are applied."`
	BeforeAuth []MiddlewareInfo `json:"before_auth,omitzero" doc:"Middleware before anyone is authenticated, the outermost first."`
	Auth       []MiddlewareInfo `json:"auth,omitzero" doc:"Middleware that decides who the caller is."`
	AfterAuth  []MiddlewareInfo `json:"after_auth,omitzero" doc:"Middleware for callers who were let in."`
	Security   []string         `json:"security,omitzero" doc:"What the document demands: one of these, each the names of schemes with their scopes."`
	Rule       string           `json:"rule,omitzero" doc:"Who may call it, in words; absent: nobody has said."`
	Caching    string           `json:"caching,omitzero" doc:"How answers are kept, in words; absent: they are not."`
	Rates      []string         `json:"rates,omitzero" doc:"How often it may be called, in words; absent: nobody counts."`
	Uncounted  string           `json:"uncounted,omitzero" doc:"Why the rates of its groups do not hold for it."`
	Deadline   string           `json:"deadline,omitzero" doc:"How long providers and handler may take; absent: as long as they like."`
	Limits     LimitsInfo       `json:"limits" doc:"What bounds a request."`
	Parameters []ParameterInfo  `json:"parameters,omitzero" doc:"Parameters that are bound."`
	Providers  []ProviderInfo   `json:"providers,omitzero" doc:"What is provided, in the order in which it is made."`
	Body       *BodyInfo        `json:"body,omitzero" doc:"The body that is read; absent: none."`
	Responses  []ResponseInfo   `json:"responses" doc:"Answers that are declared, by status."`

	op *Operation
}

// OptionInfo is one option that reaches an operation.
type OptionInfo struct {
	Name       string   `json:"name" doc:"Name of the function that made it, such as tenon.Tags."`
	Layer      string   `json:"layer" doc:"Where it stands: app, group and its prefix, or operation."`
	Site       string   `json:"site" doc:"File and line of the registration of that layer."`
	Sets       []string `json:"sets" doc:"What it changes, as Field=value."`
	Overridden bool     `json:"overridden,omitzero" doc:"Whether nearer options replace all that it sets."`
}

// MiddlewareInfo is one middleware of a slot.
type MiddlewareInfo struct {
	Name  string `json:"name" doc:"Name of the function that made it."`
	Layer string `json:"layer" doc:"Layer of the option that added it."`
}

// LimitsInfo is what bounds a request to an operation.
type LimitsInfo struct {
	Body        int64 `json:"body,omitzero" doc:"Most bytes of the body; 0: there is no body."`
	Depth       int   `json:"depth,omitzero" doc:"How deep JSON may nest; 0: no JSON is read."`
	Items       int   `json:"items,omitzero" doc:"Most items of an array without maxItems."`
	StringBytes int   `json:"string_bytes,omitzero" doc:"Most bytes of a string without maxLength."`
	Total       int   `json:"total,omitzero" doc:"Most items and members in all."`
	QueryPairs  int   `json:"query_pairs" doc:"Most pairs of the query."`
	Cookies     int   `json:"cookies" doc:"Most cookies."`
}

// ParameterInfo is one parameter of an operation.
type ParameterInfo struct {
	In       string `json:"in" doc:"path, query, header or cookie."`
	Name     string `json:"name" doc:"Its name."`
	Type     string `json:"type" doc:"The Go type."`
	Required bool   `json:"required,omitzero" doc:"Whether its absence is a fault."`
	Default  string `json:"default,omitzero" doc:"What is taken in its absence."`
}

// BodyInfo is the body that an operation reads.
type BodyInfo struct {
	Media    []string `json:"media" doc:"Media types that it may have."`
	Type     string   `json:"type" doc:"The Go type."`
	Required bool     `json:"required,omitzero" doc:"Whether its absence is a fault."`
	Streamed bool     `json:"streamed,omitzero" doc:"Whether the handler reads it as it comes."`
	Codings  []string `json:"codings,omitzero" doc:"Content codings that are undone."`
	Limit    int64    `json:"limit" doc:"Most bytes."`
}

// ResponseInfo is one answer of an operation.
type ResponseInfo struct {
	Status   int      `json:"status" doc:"The status."`
	Media    []string `json:"media,omitzero" doc:"Media types of the body; absent: no body."`
	Type     string   `json:"type,omitzero" doc:"The Go type of a success."`
	Problems []string `json:"problems,omitzero" doc:"Codes of the problems with this status."`
	Declared []string `json:"declared,omitzero" doc:"Those of the problems that options declare; the framework makes the others."`
}

// Config returns the configuration of the app, with its defaults.
func (a *App) Config() Config {
	c := a.cfg
	l := a.bodyLimits()
	c.Limits.Body = cmp.Or(c.Limits.Body, defaultBody)
	c.Limits.Depth, c.Limits.Items, c.Limits.StringBytes, c.Limits.Total = l.Depth, l.Items, l.StringBytes, l.Total
	c.Limits.QueryPairs, c.Limits.Cookies = cmp.Or(c.Limits.QueryPairs, 100), cmp.Or(c.Limits.Cookies, 50)
	c.Limits.Form = c.Limits.Form.withDefaults(0)
	d := &c.Docs
	d.JSON, d.YAML = cmp.Or(d.JSON, "/openapi.json"), cmp.Or(d.YAML, "/openapi.yaml")
	d.Swagger, d.ReDoc = cmp.Or(d.Swagger, "/docs"), cmp.Or(d.ReDoc, "/redoc")
	return c
}

// Operations says what runs for each operation, in the order of registration; nil before Compile or when it failed. It is meant for
// people and for checks at start: each call works it out anew, and to say where each option comes from applies them once more.
func (a *App) Operations() []OperationInfo {
	if a.document == nil {
		return nil
	}
	infos := make([]OperationInfo, 0, len(a.plans))
	for _, p := range a.plans {
		infos = append(infos, a.operationInfo(p))
	}
	return infos
}

func (a *App) operationInfo(p *plan) OperationInfo {
	op := p.op
	info := OperationInfo{
		Method: op.Method, Path: op.Path, ID: op.OperationID, Summary: op.Summary, Description: op.Description, Tags: op.Tags,
		Deprecated: op.Deprecated, Hidden: op.Hidden, Critical: op.Critical, Site: p.site, Handler: funcName(p.handler.fn),
		Rule: op.Rule, Caching: op.Caching, op: op,
		Limits: a.limitsInfo(p), Body: bodyInfo(p), Providers: a.providerInfos(p), Responses: p.responseInfos(a.errorMedia()),
	}
	info.Parameters = p.parameterInfos()
	o := origins(p)
	document := a.document
	if p.version != nil {
		info.Version, document = p.version.Name, p.version.document
	}
	info.Security = securityInfo(document, op)
	info.Rates, info.Uncounted = op.Rates, op.Uncounted
	if p.deadline > 0 {
		info.Deadline = p.deadline.String()
	}
	info.Options, info.BeforeAuth, info.Auth, info.AfterAuth = o.options, o.slots[0], o.slots[1], o.slots[2]
	return info
}

func (p *plan) parameterInfos() []ParameterInfo {
	var infos []ParameterInfo
	for _, f := range slices.Concat(p.params, p.others) {
		infos = append(infos, ParameterInfo{
			In: string(f.Source), Name: f.Name, Type: typeName(f.Type), Required: f.Required, Default: f.Tag.Rules.Default,
		})
	}
	return infos
}

// securityInfo is what a document demands of the callers of an operation.
func securityInfo(document *openapi.Document, op *Operation) []string {
	item := document.Paths[strings.ReplaceAll(op.Path, "...}", "}")]
	if op.Hidden || item == nil || item.Operation(op.Method) == nil {
		return nil
	}
	var all []string
	for _, requirement := range item.Operation(op.Method).Security {
		var schemes []string
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			scheme := name
			if scopes := requirement[name]; len(scopes) > 0 {
				scheme += "(" + strings.Join(scopes, ", ") + ")"
			}
			schemes = append(schemes, scheme)
		}
		all = append(all, cmp.Or(strings.Join(schemes, " and "), "nothing"))
	}
	return all
}

func (a *App) limitsInfo(p *plan) LimitsInfo {
	c := a.Config().Limits
	l := LimitsInfo{QueryPairs: c.QueryPairs, Cookies: c.Cookies}
	if p.body == nil {
		return l
	}
	l.Body = p.body.limit
	if p.body.codec != nil {
		l.Depth, l.Items, l.StringBytes, l.Total = c.Depth, c.Items, c.StringBytes, c.Total
	}
	return l
}

func bodyInfo(p *plan) *BodyInfo {
	b := p.body
	if b == nil {
		return nil
	}
	info := &BodyInfo{Type: typeName(p.in), Required: !b.optional, Codings: p.op.Decompress, Limit: b.limit}
	for _, t := range b.accepts {
		info.Media = append(info.Media, t.media)
	}
	if b.field != nil {
		info.Type = typeName(b.field.Type)
	}
	info.Streamed = b.raw != nil && b.raw.set == nil || b.form != nil && len(b.form.uploads) > 0
	return info
}

// responseInfos lists the successes and problems of an operation.
func (p *plan) responseInfos(errorMedia string) []ResponseInfo {
	var infos []ResponseInfo
	at := func(status int) *ResponseInfo {
		i := slices.IndexFunc(infos, func(r ResponseInfo) bool { return r.Status == status })
		if i < 0 {
			infos = append(infos, ResponseInfo{Status: status})
			i = len(infos) - 1
		}
		return &infos[i]
	}
	for _, o := range slices.Concat([]*reply.Plan{p.out}, outcomes(p.out)) {
		for _, status := range o.Statuses {
			if r := at(status); o.Body != nil {
				r.Media, r.Type = p.mediaOf(o.Body), typeName(o.Body.JSON)
			}
		}
	}
	if p.conditional {
		at(304)
	}
	if p.ranges {
		*at(206) = ResponseInfo{Status: 206, Media: p.media, Type: at(200).Type}
	}
	problems := func(e *problem.Error, declared bool) {
		r := at(e.Status())
		if r.Media == nil {
			r.Media = []string{errorMedia}
		}
		if !slices.Contains(r.Problems, e.Code()) {
			r.Problems = append(r.Problems, e.Code())
		}
		if declared {
			r.Declared = append(r.Declared, e.Code())
		}
	}
	for _, e := range p.op.Fails {
		problems(e, true)
	}
	for _, code := range append(p.implied(), problem.CodeInternal) {
		problems(problem.New(code, ""), false)
	}
	if p.bounded {
		problems(errOverloaded(), false)
	}
	slices.SortStableFunc(infos, func(a, b ResponseInfo) int { return a.Status - b.Status })
	return infos
}

func outcomes(out *reply.Plan) []*reply.Plan {
	plans := make([]*reply.Plan, len(out.Outcomes))
	for i, o := range out.Outcomes {
		plans[i] = o.Plan
	}
	return plans
}

// mediaOf are the media types that a body can have, with those that JSON can be carried over to.
func (p *plan) mediaOf(b *reply.Body) []string {
	media := slices.Clone(b.Media)
	if b.ContentType == jsonType {
		for _, c := range p.forms {
			media = append(media, c.media)
		}
	}
	return media
}

// VersionList returns the versions of the API, the oldest first; nil when it has none.
func (a *App) VersionList() []Version {
	if a.versions == nil {
		return nil
	}
	return slices.Clone(a.versions.cfg.List)
}
