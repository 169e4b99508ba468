package auth

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/tenon-go/tenon"
)

// RoleGrant is a role of the service: who has it has what it includes as well.
type RoleGrant struct {
	// Name is that of the role.
	Name string
	// Includes are other roles of the list, all of which who has this one has too. Default none.
	Includes []string
	// Permissions are what the role may do, such as "users:delete". Default none.
	Permissions []string
}

// Roles says which roles and permissions the service knows. Rules may name no others. It is an option of the app, or of a group.
func Roles(list ...RoleGrant) tenon.Option {
	roles, err := newRoles(list)
	return func(o *tenon.Operation) {
		a := o.Part[access]()
		if a.supplied(o, "auth.Roles") {
			return
		}
		if err != nil {
			a.fault(o, err)
		}
		a.roles = roles
	}
}

// roles are worked out from the grants.
type roles struct {
	names  []string            // in their order
	having map[string][]string // by role: the roles that include it, and itself
	may    map[string][]string // by permission: the roles that have it
}

func newRoles(list []RoleGrant) (*roles, error) {
	r := &roles{having: map[string][]string{}, may: map[string][]string{}}
	var errs []error
	byName := map[string]RoleGrant{}
	for i, grant := range list {
		if err := checkName(grant.Name, true); err != nil {
			errs = append(errs, fmt.Errorf("auth.Roles: the name of role %d %w", i, err))
		}
		if _, ok := byName[grant.Name]; ok {
			errs = append(errs, fmt.Errorf("auth.Roles: role %q is there twice", grant.Name))
		}
		byName[grant.Name] = grant
		r.names = append(r.names, grant.Name)
	}
	for _, grant := range list {
		reached := map[string]bool{}
		var reach func(name string)
		reach = func(name string) {
			of, ok := byName[name]
			if !ok {
				errs = append(errs, fmt.Errorf("auth.Roles: role %q includes %q, which is no role", grant.Name, name))
			}
			if reached[name] {
				return
			}
			reached[name] = true
			for _, next := range of.Includes {
				if next == grant.Name {
					errs = append(errs, fmt.Errorf("auth.Roles: role %q includes itself", grant.Name))
				}
				reach(next)
			}
		}
		reach(grant.Name)
		for _, name := range slices.Sorted(maps.Keys(reached)) {
			r.having[name] = append(r.having[name], grant.Name)
			for _, permission := range byName[name].Permissions {
				if !slices.Contains(r.may[permission], grant.Name) {
					r.may[permission] = append(r.may[permission], grant.Name)
				}
			}
		}
	}
	return r, errors.Join(errs...)
}

// intersects reports whether two short lists have something in common.
func intersects(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool { return slices.Contains(b, one) })
}
