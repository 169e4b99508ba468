package tenon

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/reply"
)

// planOutput decides how an output becomes status, header fields and body.
func (a *App) planOutput(p *plan) []error {
	typ, faults := a.shapes.Read(p.handler.out)
	if len(faults) > 0 {
		return sharedFaults(faults)
	}
	out, faults := reply.Compile(typ, p.op.Method, p.op.Status, specials())
	if len(faults) > 0 {
		return sharedFaults(faults)
	}
	p.out, p.media = out, out.Media()
	p.events, p.lines = out.Streams()
	if p.op.Method == http.MethodGet {
		if p.op.BodyETag {
			out.Hash()
		}
		p.conditional, p.ranges = out.Validators(), out.Ranges()
	}
	if i := slices.Index(p.media, jsonType); i >= 0 {
		for _, c := range a.codecs {
			if c.FromJSON != nil && !slices.Contains(p.media, c.media) {
				p.forms = append(p.forms, c)
				p.media = append(slices.Clip(p.media), c.media)
			}
		}
	}
	return nil
}

// redirects are the statuses that say to go elsewhere, the safest first: after 303 a client always sends a GET.
var redirects = []int{http.StatusSeeOther, http.StatusFound, http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect}

// specials are the outputs that are no values of a body.
func specials() []reply.Special {
	return []reply.Special{
		{Type: reflect.TypeFor[NoContent](), Statuses: []int{http.StatusNoContent, http.StatusResetContent}},
		{Type: reflect.TypeFor[Redirect](), Statuses: redirects, Open: openRedirect},
		{Type: reflect.TypeFor[File](), Statuses: []int{http.StatusOK}, Media: []string{"*/*"}, Ranges: true, Open: openFile},
	}
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
		if ok && p.op.Method == http.MethodPost && p.out.Creates() {
			p.out.Locate(member)
		}
	}
}
