package judge_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// published is an operation as a document says it, which takes parameters, or a body in one of its media types.
type published struct {
	method, path, at string
	parameters       []parameter
	media            string         // of the body; "" is none
	body             map[string]any // its schema
	encoding         map[string]any // of the fields of a form
	stream           bool           // the answer may have no end
	refusal          int            // the status of what breaks a rule
	transforms       bool           // the document has texts that are changed before they are judged
}

type parameter struct {
	name, in, style, at string
	explode, required   bool
	schema              map[string]any
}

func (o published) name() string {
	return strings.TrimSuffix(strings.ToUpper(o.method)+" "+o.path+" "+o.media, " ")
}

// schemaAt is where the schema of the body stands in the document.
func (o published) schemaAt() string {
	return o.at + "/requestBody/content/" + escape(o.media) + "/schema"
}

// operationsOf leaves out what takes no values. An operation stands there once for each media type of its body.
func operationsOf(doc any) []published {
	var list []published
	paths := member(doc, "paths")
	transforms := strings.Contains(text(doc), `"x-transform"`)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for method, v := range member(paths, path) {
			op := published{method: method, path: path, transforms: transforms, at: "/paths/" + escape(path) + "/" + method}
			params, _ := v.(map[string]any)["parameters"].([]any)
			for i, p := range params {
				if name := p.(map[string]any)["name"]; name == "Content-Type" || name == "Content-Encoding" {
					continue // which the body has
				}
				op.parameters = append(op.parameters, parameterOf(p.(map[string]any), fmt.Sprintf("%s/parameters/%d/schema", op.at, i)))
			}
			op.refusal = http.StatusUnprocessableEntity
			if member(member(v, "responses"), "422") == nil {
				op.refusal = http.StatusBadRequest
			}
			op.stream = member(member(member(v, "responses"), "200"), "content")["text/event-stream"] != nil
			content := member(member(v, "requestBody"), "content")
			if content == nil && len(op.parameters) > 0 {
				list = append(list, op)
			}
			for media := range content {
				op.media, op.body, op.encoding = media, member(member(content, media), "schema"), member(member(content, media), "encoding")
				list = append(list, op)
			}
		}
	}
	return list
}

func parameterOf(p map[string]any, at string) parameter {
	explode, said := p["explode"].(bool)
	style, _ := p["style"].(string)
	in := p["in"].(string)
	return parameter{
		name: p["name"].(string), in: in, style: style, at: at, explode: !said && (in == "query" || in == "cookie") || explode, required: p["required"] == true,
		schema: member(p, "schema"),
	}
}

// key tells parameters of one name apart.
func (p parameter) key() string { return p.in + " " + p.name }

func escape(token string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(token) }

func member(v any, name string) map[string]any {
	object, _ := v.(map[string]any)
	found, _ := object[name].(map[string]any)
	return found
}

// sendable is a value without the letters that a header or a cookie cannot hold.
func (p parameter) sendable(v any) any {
	text, ok := v.(string)
	if !ok || p.in != "header" && p.in != "cookie" {
		return v
	}
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return 'u'
		}
		return r
	}, text)
}

// joined is a list as it is read when its items stand in one text: one that is empty has none.
func (p parameter) joined(v any) any {
	if list, ok := v.([]any); ok && !p.explode && len(list) == 1 && list[0] == "" {
		return []any{}
	}
	return v
}

var (
	integer = regexp.MustCompile(`^-?(0|[1-9]\d*)$`)
	decimal = regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?$`)
)

// asRead is a parameter's value as its schema means it: text that looks like a number is one where a number is wanted.
func (p *property) asRead(schema map[string]any, v any) any {
	switch v := v.(type) {
	case string:
		switch kind := fmt.Sprint(schema["type"]); {
		case strings.Contains(kind, "integer") && integer.MatchString(v), strings.Contains(kind, "number") && decimal.MatchString(v):
			return json.Number(v)
		case strings.Contains(kind, "boolean") && (v == "true" || v == "false"):
			return v == "true"
		}
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, p.asRead(member(schema, "items"), item))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		schema = p.gen.Resolve(schema)
		for name, item := range v {
			s := member(member(schema, "properties"), name)
			if s == nil {
				s = member(schema, "additionalProperties")
			}
			out[name] = p.asRead(s, item)
		}
		return out
	}
	return v
}

// missed reports whether a request found another operation, or none.
func (p *property) missed(r *http.Request) bool {
	return strings.ReplaceAll(r.Pattern, "...}", "}") != p.op.path
}

func (p *property) request(values map[string]any, body any) *http.Request {
	p.t.Helper()
	path, query := p.op.path, []string(nil)
	r := httptest.NewRequestWithContext(p.t.Context(), strings.ToUpper(p.op.method), "/", http.NoBody)
	if p.op.media != "" {
		content, mediaType := p.op.encode(p.t, body)
		r = httptest.NewRequestWithContext(p.t.Context(), strings.ToUpper(p.op.method), "/", strings.NewReader(content))
		r.Header.Set("Content-Type", mediaType)
	}
	for _, param := range p.op.parameters {
		v, ok := values[param.key()]
		if !ok {
			continue
		}
		switch param.in {
		case "path":
			path = strings.ReplaceAll(path, "{"+param.name+"}", url.PathEscape(fmt.Sprint(v)))
		case "query":
			query = append(query, param.pairs(v)...)
		case "header":
			r.Header.Set(param.name, strings.Join(texts(v), ", "))
		case "cookie":
			r.Header.Add("Cookie", param.name+"="+strings.Join(texts(v), ","))
		}
	}
	u, err := url.Parse(path)
	if err != nil {
		p.t.Fatal(err)
	}
	u.RawQuery = strings.Join(query, "&")
	r.URL = u
	return r
}

// pairs are a parameter in the query, in its style. The separator of a list is not escaped; within an item it is.
func (p parameter) pairs(v any) []string {
	name := url.QueryEscape(p.name)
	if p.style == "deepObject" {
		var list []string
		for member, item := range v.(map[string]any) {
			list = append(list, name+"["+url.QueryEscape(member)+"]="+url.QueryEscape(fmt.Sprint(item)))
		}
		return list
	}
	items := texts(v)
	for i := range items {
		items[i] = url.QueryEscape(items[i])
		if p.explode {
			items[i] = name + "=" + items[i]
		}
	}
	if p.explode {
		return items
	}
	separator := map[string]string{"": ",", "form": ",", "spaceDelimited": "%20", "pipeDelimited": "|"}[p.style]
	return []string{name + "=" + strings.Join(items, separator)}
}

// texts are the items of a list, or the one value.
func texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var out []string
	for _, item := range list {
		if b, ok := item.(bool); ok {
			item = strconv.FormatBool(b)
		}
		out = append(out, fmt.Sprint(item))
	}
	return out
}
