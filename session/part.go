package session

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
)

// part is what options say of the sessions of one operation, which may be of several kinds.
type part struct{ cookies []*core }

// names are the cookies of an app.
type names struct {
	mu  sync.Mutex
	all map[string]*core
}

// take returns whose cookie of a name it is.
func (n *names) take(c *core) *core {
	n.mu.Lock()
	defer n.mu.Unlock()
	if other := n.all[c.cfg.Name]; other != nil {
		return other
	}
	if n.all == nil {
		n.all = map[string]*core{}
	}
	n.all[c.cfg.Name] = c
	return c
}

// option is for operations that take a session.
func (c *core) option(o *tenon.Operation) {
	p := o.Part[part]()
	if len(p.cookies) == 0 {
		o.AfterAuth = append(slices.Clip(o.AfterAuth), read)
	}
	if other := o.Common[names]().take(c); other != c {
		o.Fault(fmt.Errorf("two kinds of session have the cookie %s, and each would lose what the other keeps; give one of them another Name", c.cfg.Name))
	}
	p.cookies = append(slices.Clip(p.cookies), c)
}

// Describe says which cookies are read, and that a success may set them.
func (p *part) Describe(o *openapi.Operation) {
	for _, c := range p.cookies {
		o.Parameters = append(slices.Clip(o.Parameters), &openapi.Parameter{
			Name: c.cfg.Name, In: "cookie", Description: "The session, as an answer has set it.", Schema: &schema.Schema{Types: []string{"string"}},
		})
	}
	for key, r := range o.Responses {
		if status, err := strconv.Atoi(key); err != nil || status >= http.StatusBadRequest || status == http.StatusNotModified || r.Ref != "" {
			continue
		}
		if r.Headers == nil {
			r.Headers = map[string]*openapi.Header{}
		}
		if r.Headers["Set-Cookie"] == nil {
			r.Headers["Set-Cookie"] = &openapi.Header{Schema: &schema.Schema{Types: []string{"string"}}, Description: "The session, where it changed."}
		}
	}
}
