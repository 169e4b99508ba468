package accounts

import (
	"errors"
	"fmt"
	"strings"
)

// Scope is something that an API key may be good for.
type Scope struct {
	// Name is that of auth.Scope. Required.
	Name string
	// Roles are those of which the owner of the key needs one, now and whenever the key is shown. Default: anybody may have it.
	Roles []string
}

func checkScopes(all []Scope) error {
	var errs []error
	seen := map[string]bool{}
	for i, s := range all {
		if s.Name == "" || strings.ContainsFunc(s.Name, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) || len(s.Name) > 100 {
			errs = append(errs, fmt.Errorf("accounts: Scopes[%d] has the name %q, want printable ASCII without spaces, quotes and backslashes", i, s.Name))
		}
		if seen[s.Name] {
			errs = append(errs, fmt.Errorf("accounts: Scopes has %q twice", s.Name))
		}
		seen[s.Name] = true
	}
	return errors.Join(errs...)
}
