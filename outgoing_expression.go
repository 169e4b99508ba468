package tenon

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// checkExpression refuses the URL of a callback that cannot be made of what the operation has: every expression between braces names
// something of its request or its answers.
func (p *plan) checkExpression(text string) error {
	rest, some := text, false
	for {
		before, after, open := strings.Cut(rest, "{")
		if strings.ContainsAny(before, "} \"<>") {
			return fmt.Errorf("the expression %q is not a URL with expressions in braces", text)
		}
		if !open {
			break
		}
		inner, tail, closed := strings.Cut(after, "}")
		if !closed {
			return fmt.Errorf("the expression %q has a brace without its other half", text)
		}
		if err := p.checkRuntime(inner); err != nil {
			return fmt.Errorf("the expression {%s}: %w", inner, err)
		}
		rest, some = tail, true
	}
	if !some {
		return fmt.Errorf("the expression %q names nothing of the request, want one such as {$request.body#/callbackUrl}", text)
	}
	return nil
}

func (p *plan) checkRuntime(text string) error {
	if text == "$url" || text == "$method" || text == "$statusCode" {
		return nil
	}
	side, source, _ := strings.Cut(text, ".")
	if side != "$request" && side != "$response" {
		return errors.New("it begins with $url, $method, $statusCode, $request or $response")
	}
	kind, name, _ := strings.Cut(source, ".")
	if body, pointer, _ := strings.Cut(source, "#"); body == "body" {
		return p.checkPointer(side == "$request", pointer)
	}
	switch {
	case name == "":
		return errors.New("it has no header., query., path. or body behind that")
	case side == "$response" && kind == "header" && ascii.IsToken(name):
		return nil
	case side == "$request" && kind == "path" && slices.Contains(p.names, name):
		return nil
	case side == "$request" && (kind == "query" || kind == "header") && p.takes(tag.Source(kind), name):
		return nil
	}
	return fmt.Errorf("the operation has no %s %s there", kind, name)
}

func (p *plan) takes(source tag.Source, name string) bool {
	return slices.ContainsFunc(slices.Concat(p.params, p.others), func(f *shape.Field) bool {
		return f.Source == source && (f.Name == name || source == tag.Header && strings.EqualFold(f.Name, name))
	})
}

// checkPointer follows a JSON Pointer in the body of the request, or in those of the answers.
func (p *plan) checkPointer(request bool, pointer string) error {
	var types []*shape.Type
	switch {
	case request && p.body != nil && p.body.codec != nil && p.body.field != nil:
		types = append(types, p.body.field.Type)
	case request && p.body != nil && p.body.codec != nil:
		types = append(types, p.in)
	case !request && p.out.Body != nil && p.out.Body.JSON != nil:
		types = append(types, p.out.Body.JSON)
	case !request:
		for _, o := range p.out.Outcomes {
			if o.Plan.Body != nil && o.Plan.Body.JSON != nil {
				types = append(types, o.Plan.Body.JSON)
			}
		}
	}
	if !slices.ContainsFunc(types, func(t *shape.Type) bool { return has(t, pointer) }) {
		return fmt.Errorf("the operation has no JSON body with %q there", pointer)
	}
	return nil
}

// has reports whether a value of a type can have what a JSON Pointer leads to.
func has(t *shape.Type, pointer string) bool {
	if pointer == "" {
		return true
	}
	if pointer[0] != '/' {
		return false
	}
	token, rest, more := strings.Cut(pointer[1:], "/")
	if more {
		rest = "/" + rest
	}
	token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	switch t = t.Plain(); t.Kind {
	case shape.Struct:
		i := slices.IndexFunc(t.Fields, func(f *shape.Field) bool { return f.Name == token })
		return i >= 0 && has(t.Fields[i].Type, rest)
	case shape.Map:
		return has(t.Elem, rest)
	case shape.Slice, shape.Array:
		_, err := strconv.ParseUint(token, 10, 31)
		return err == nil && has(t.Elem, rest)
	case shape.Any, shape.Custom, shape.Union:
		return true
	}
	return false
}
