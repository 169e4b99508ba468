package tenon

import (
	"cmp"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/tenon-go/tenon/internal/record"
)

// VersionCalls is how often a client called operations of a version since the process began.
type VersionCalls struct {
	// Version is the name of the version.
	Version string
	// Client is whom Versions.Client or the principal names; "" stands for the calls of those whom nobody names, and "*" for those of all
	// clients that came after the first 1000 of the version.
	Client string
	// Calls counts the requests, whatever they were answered with.
	Calls uint64
}

// VersionCalls says who calls which version, so that one can be taken away when nobody needs it any more: the oldest version first, and
// the clients by name. It counts for this process alone.
func (a *App) VersionCalls() []VersionCalls {
	var all []VersionCalls
	if a.versions == nil {
		return nil
	}
	for _, v := range a.versions.list {
		all = append(all, v.calls.list(v.Name)...)
	}
	return all
}

// maxClients bounds what is counted by client: the names may be those of anybody.
const maxClients = 1000

// callCounts are the calls of one version. The zero value is ready.
type callCounts struct {
	unnamed atomic.Uint64
	others  atomic.Uint64

	mu      sync.RWMutex
	clients map[string]*atomic.Uint64
}

// client asks who made a request. It reports false, and has answered, when what it asks panics.
func (v *version) client(w http.ResponseWriter, r *http.Request, p *plan) (name string, ok bool) {
	if v.of.cfg.Client == nil {
		return "", true
	}
	defer v.of.app.recover(w, r, p, never)
	return v.of.cfg.Client(r), true
}

// count notes a request of the version, once it is known who made it.
func (v *version) count(r *http.Request, client string) {
	if v.of.cfg.Client != nil {
		v.calls.of(client).Add(1)
		return
	}
	if rec := record.From(r.Context()); rec != nil {
		client = rec.Principal
	}
	v.calls.of(client).Add(1)
}

// of is the counter of a client.
func (c *callCounts) of(client string) *atomic.Uint64 {
	if client == "" {
		return &c.unnamed
	}
	c.mu.RLock()
	known := c.clients[client]
	c.mu.RUnlock()
	if known != nil {
		return known
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known = c.clients[client]; known != nil {
		return known
	}
	if len(c.clients) == maxClients {
		return &c.others
	}
	if c.clients == nil {
		c.clients = map[string]*atomic.Uint64{}
	}
	c.clients[client] = new(atomic.Uint64)
	return c.clients[client]
}

func (c *callCounts) list(version string) []VersionCalls {
	var all []VersionCalls
	add := func(client string, calls uint64) {
		if calls > 0 {
			all = append(all, VersionCalls{version, client, calls})
		}
	}
	add("", c.unnamed.Load())
	add("*", c.others.Load())
	c.mu.RLock()
	for client, n := range c.clients {
		add(client, n.Load())
	}
	c.mu.RUnlock()
	slices.SortFunc(all, func(a, b VersionCalls) int { return cmp.Compare(a.Client, b.Client) })
	return all
}
