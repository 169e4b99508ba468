package tenon

import (
	"fmt"

	"github.com/tenon-go/tenon/problem"
)

// checkCodes refuses two problems of one code, which is the type that clients go by: each code has one status and one title in the app.
func (a *App) checkCodes(plans []*plan) {
	type declared struct {
		problem *problem.Error
		by      *plan
	}
	first, told := map[string]declared{}, map[string]bool{}
	for _, p := range plans {
		for _, e := range p.op.Fails {
			other, ok := first[e.Code()]
			if !ok {
				first[e.Code()] = declared{e, p}
				continue
			}
			if (e.Status() != other.problem.Status() || e.Title() != other.problem.Title()) && !told[e.Code()] {
				told[e.Code()] = true
				a.fault(p.site, fmt.Errorf("%s: problem %q is %d %q here, and %d %q in %s registered at %s; a code is one problem",
					p.name, e.Code(), e.Status(), e.Title(), other.problem.Status(), other.problem.Title(), other.by.name, other.by.site))
			}
		}
	}
}
