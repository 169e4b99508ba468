package tenon

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/openapi"
)

// Security is a scheme that guards an operation, as the document says it.
type Security struct {
	// Name is that of the scheme among the components of the document.
	Name string
	// Scheme says how a caller shows who they are. Schemes of one name are equal.
	Scheme *openapi.SecurityScheme
	// Scopes are what the caller must have. Default none.
	Scopes []string
}

// Secure documents that a scheme guards the operation. It is for options whose middleware, or whose provider, does what the document
// then says; by itself it refuses nobody. An operation with several schemes needs all of them.
func (o *Operation) Secure(name string, scheme *openapi.SecurityScheme, scopes ...string) {
	o.Security = append(o.Security, Security{name, scheme, scopes})
}

// checkSecurity refuses schemes that the document cannot hold, and two of one name that differ.
func (a *App) checkSecurity(plans []*plan) {
	type use struct {
		scheme *openapi.SecurityScheme
		plan   *plan
	}
	first := map[string]use{}
	for _, p := range plans {
		for _, s := range p.op.Security {
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

// security documents what guards an operation.
func (d *description) security(op *openapi.Operation, p *plan) {
	if len(p.op.Security) == 0 {
		return
	}
	all := openapi.SecurityRequirement{}
	for _, s := range p.op.Security {
		scopes := all[s.Name]
		for _, scope := range s.Scopes {
			if !slices.Contains(scopes, scope) {
				scopes = append(scopes, scope)
			}
		}
		all[s.Name] = scopes
		if d.doc.Components.SecuritySchemes == nil {
			d.doc.Components.SecuritySchemes = map[string]*openapi.SecurityScheme{}
		}
		d.doc.Components.SecuritySchemes[s.Name] = s.Scheme
	}
	op.Security = []openapi.SecurityRequirement{all}
}
