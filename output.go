package tenon

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/reply"
)

var noContentType = reflect.TypeFor[NoContent]()

// planOutput decides how an output becomes status, header fields and body.
func (a *App) planOutput(p *plan, seen map[string]bool) []error {
	status := p.op.Status
	if p.handler.out == noContentType {
		if status == 0 {
			status = http.StatusNoContent
		}
		out, err := reply.Empty(status)
		if err != nil {
			return []error{err}
		}
		p.out = out
		return nil
	}
	if status == 0 {
		status = http.StatusOK
		if p.op.Method == http.MethodPost {
			status = http.StatusCreated
		}
	}
	typ, faults := a.shapes.Read(p.handler.out)
	if len(faults) > 0 {
		return fresh(faults, seen)
	}
	out, faults := reply.Compile(typ, p.op.Method, status)
	p.out = out
	return fresh(faults, seen)
}

// locate finds, for each POST that creates something, the GET of what it created: the same path with one more wildcard,
// named like a member of the output. The answer then has a Location (RFC 9110, section 15.3.2).
func (a *App) locate(plans []*plan) {
	members := map[string]string{} // path of a collection -> the wildcard after it
	for _, p := range plans {
		if n := len(p.names); p.op.Method == http.MethodGet && n > 0 {
			if collection, ok := strings.CutSuffix(p.op.Path, fmt.Sprintf("/{%s}", p.names[n-1])); ok {
				members[collection] = p.names[n-1]
			}
		}
	}
	for _, p := range plans {
		member, ok := members[p.op.Path]
		if ok && p.op.Method == http.MethodPost && len(p.names) == 0 && p.out.Statuses[0] == http.StatusCreated {
			p.out.Locate(p.op.Path, member)
		}
	}
}
