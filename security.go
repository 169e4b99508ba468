package tenon

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/openapi"
)

// Security is a scheme that guards an operation, as the document says it. The zero value is for callers who show nothing.
type Security struct {
	// Name is that of the scheme among the components of the document.
	Name string
	// Scheme says how a caller shows who they are. Schemes of one name are equal.
	Scheme *openapi.SecurityScheme
	// Scopes are what the caller must have. Default none.
	Scopes []string
}

// Secure documents that the operation is for callers who satisfy one of the schemes, the one that clients should prefer first:
//
//	o.Secure(tenon.Security{Name: "session", Scheme: cookie}, tenon.Security{Name: "token", Scheme: bearer, Scopes: []string{"read"}})
//
// Called again, it asks for one of those schemes as well. With a zero Security among them, callers who show nothing are served too. It is for
// options whose middleware, or whose provider, does what the document then says; by itself it refuses nobody.
func (o *Operation) Secure(oneOf ...Security) {
	if len(oneOf) == 0 {
		o.Fault(errors.New("Secure names no scheme"))
		return
	}
	o.Security = append(o.Security, oneOf)
}

// anonymous reports whether it asks for nothing.
func (s *Security) anonymous() bool { return s.Name == "" && s.Scheme == nil && s.Scopes == nil }

// checkSecurity refuses schemes that the document cannot hold, and two of one name that differ.
func (a *App) checkSecurity(plans []*plan) {
	type use struct {
		scheme *openapi.SecurityScheme
		plan   *plan
	}
	first := map[string]use{}
	for _, p := range plans {
		for _, s := range slices.Concat(p.op.Security...) {
			if s.anonymous() {
				continue
			}
			if err := s.check(); err != nil {
				a.fault(p.site, fmt.Errorf("%s: security scheme %q: %w", p.name, s.Name, err))
				continue
			}
			other, ok := first[s.Name]
			if !ok {
				first[s.Name] = use{s.Scheme, p}
			} else if !reflect.DeepEqual(other.scheme, s.Scheme) {
				a.fault(p.site, fmt.Errorf("%s: security scheme %q is another than that of %s registered at %s; give one of them another name",
					p.name, s.Name, other.plan.name, other.plan.site))
			}
		}
	}
}

func (s *Security) check() error {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_"
	switch {
	case s.Name == "" || strings.Trim(s.Name, letters) != "":
		return errors.New("the name has letters of ASCII, digits, dots, hyphens and underscores alone")
	case s.Scheme == nil:
		return errors.New("it is nil")
	}
	missing := func(field string, is bool) error {
		if is {
			return nil
		}
		return fmt.Errorf("the type %s needs %s", s.Scheme.Type, field)
	}
	if err := checkExtensions(s.Scheme.Extensions); err != nil {
		return err
	}
	switch s.Scheme.Type {
	case "apiKey":
		placed := slices.Contains([]string{"query", "header", "cookie"}, s.Scheme.In)
		return errors.Join(missing("a Name", s.Scheme.Name != ""), missing("In: query, header or cookie", placed))
	case "http":
		return missing("a Scheme", s.Scheme.Scheme != "")
	case "oauth2":
		return missing("Flows", s.Scheme.Flows != nil)
	case "openIdConnect":
		return missing("an OpenIDConnectURL", s.Scheme.OpenIDConnectURL != "")
	case "mutualTLS":
		return nil
	}
	return fmt.Errorf("the type %q is none of apiKey, http, mutualTLS, oauth2 and openIdConnect", s.Scheme.Type)
}

// security documents what guards an operation: the ways through all that it asks for.
func (d *description) security(op *openapi.Operation, p *plan) {
	if len(p.op.Security) == 0 {
		return
	}
	ways := []openapi.SecurityRequirement{{}}
	for _, oneOf := range p.op.Security {
		var next []openapi.SecurityRequirement
		for _, way := range ways {
			for _, s := range oneOf {
				further := maps.Clone(way)
				if !s.anonymous() {
					further[s.Name] = union(way[s.Name], s.Scopes)
					d.scheme(s)
				}
				if !slices.ContainsFunc(next, func(known openapi.SecurityRequirement) bool { return maps.EqualFunc(known, further, slices.Equal) }) {
					next = append(next, further)
				}
			}
		}
		ways = next
	}
	op.Security = ways
}

// scheme adds a scheme to the components.
func (d *description) scheme(s Security) {
	if d.doc.Components.SecuritySchemes == nil {
		d.doc.Components.SecuritySchemes = map[string]*openapi.SecurityScheme{}
	}
	d.doc.Components.SecuritySchemes[s.Name] = s.Scheme
}

// union is what either list has, once.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, one := range b {
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}
