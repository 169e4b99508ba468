package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// BasicConfig says who knows the machines that call.
type BasicConfig struct {
	// Verify says whom a name and a password are of. Required; see Machines.
	Verify Verify
	// Name is that of the scheme in the document. Default "basic".
	Name string
	// Realm is told to clients. Default "api".
	Realm string
	// Description is Markdown for the document. Default none.
	Description string
}

type basic struct{ cfg BasicConfig }

// Basic makes the scheme of names and passwords in every request (RFC 7617). It is for machines: a person's password should not travel so often,
// nor be hashed anew for each request.
func Basic(cfg BasicConfig) Scheme { //nolint:ireturn // Schemes are known by what they do.
	if cfg.Name == "" {
		cfg.Name = "basic"
	}
	if cfg.Realm == "" {
		cfg.Realm = "api"
	}
	return &basic{cfg}
}

// Check finds what is wrong with the configuration.
func (b *basic) Check() error {
	if b.cfg.Verify == nil {
		return errors.New("auth.Basic has no Verify")
	}
	return quoted(b.cfg.Realm)
}

// Security describes the scheme.
func (b *basic) Security() tenon.Security {
	return tenon.Security{Name: b.cfg.Name, Scheme: &openapi.SecurityScheme{Type: "http", Scheme: "basic", Description: b.cfg.Description}}
}

func (b *basic) place() string { return "Authorization: Basic" }

// Challenge tells of the scheme.
func (b *basic) Challenge() string { return `Basic realm="` + b.cfg.Realm + `", charset="UTF-8"` }

// Authenticate asks whom name and password are of.
func (b *basic) Authenticate(r *http.Request, fresh bool) (*Principal, error) {
	scheme, credential, err := authorization(r)
	if err != nil || scheme != "basic" {
		return nil, err
	}
	if len(credential) > 2*maxKey {
		return nil, ErrTooLarge
	}
	if strings.ContainsAny(credential, "\r\n") {
		return nil, ErrMalformed
	}
	text, err := base64.StdEncoding.Strict().DecodeString(credential)
	if err != nil {
		return nil, ErrMalformed
	}
	user, password, ok := strings.Cut(string(text), ":")
	if !ok || checkName(user, true) != nil || password == "" {
		return nil, ErrMalformed
	}
	return valid(b.cfg.Verify(r.Context(), user, NewSecret(password), fresh))
}

// Machine is a program that calls with a name and a secret that was drawn for it.
type Machine struct {
	// Identity is the machine; its Subject is the name that it calls with.
	Identity Identity
	// Secret is what it calls with: 32 bytes of text or more, which a person has not thought of.
	Secret Secret
}

// Machines makes a Verify of a list that does not change: for BasicConfig. It takes as long for a name that is not there.
func Machines(list ...Machine) (Verify, error) {
	type listed struct {
		p      *Principal
		secret Secret
	}
	all := map[string]listed{}
	var errs []error
	for i, m := range list {
		if m.Identity.Kind == "" {
			m.Identity.Kind = KindMachine
		}
		p, err := NewPrincipal(m.Identity)
		if err != nil {
			errs = append(errs, fmt.Errorf("auth: machine %d: %w", i, err))
			continue
		}
		if _, ok := all[p.Subject()]; ok {
			errs = append(errs, fmt.Errorf("auth: machine %d: %s is there twice", i, p.Subject()))
		}
		if m.Secret.Use(func(b []byte) error {
			if len(b) < 32 || distinct(b) < 10 || known(b) {
				return errors.New("weak")
			}
			return nil
		}) != nil {
			const weak = "is shorter than 32 bytes, a pattern, or one that everybody knows"
			errs = append(errs, fmt.Errorf("auth: machine %d: the Secret of %s %s", i, p.Subject(), weak))
		}
		all[p.Subject()] = listed{p, m.Secret}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return func(_ context.Context, user string, secret Secret, _ bool) (*Principal, error) {
		m, ok := all[user]
		same := m.secret.Equal(secret)
		if !ok || !same {
			return nil, ErrUnknown
		}
		return m.p, nil
	}, nil
}
