package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"
)

// RemoteConfig says where the keys of another issuer are found.
type RemoteConfig struct {
	// URL is that of the JWK set. It is https, but on a loopback address. Required.
	URL string
	// Refresh is how long keys are taken for the issuer's: 1 minute to 24 hours. Default 15 minutes.
	Refresh time.Duration
	// Stale is how much longer they are when the issuer cannot be asked; below 0 not at all. Default 1 hour.
	Stale time.Duration
	// Pause is the least time between two times of asking, whatever tokens say: a second or more, and no more than Refresh. Default 30 seconds.
	Pause time.Duration
	// Timeout is the most time for one. Default 5 seconds.
	Timeout time.Duration
	// Transport sends the requests. Default: one like http.DefaultTransport.
	Transport http.RoundTripper
}

// maxSet is the most bytes of a set of keys.
const maxSet = 256 << 10

// RemoteKeys makes keys that verify the tokens of another issuer, and sign none. They are asked for when a token is first shown, again when they
// are old, and when a token names one that is not known; one request at a time, and not more often than Pause.
func RemoteKeys[K Kind](cfg RemoteConfig) (Keys[K], error) {
	var errs []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf("auth: remote keys: "+format, args...))
		}
	}
	u, err := url.Parse(cfg.URL)
	fault(err != nil || cfg.URL == "", "URL is not one")
	if err == nil && cfg.URL != "" {
		fault(u.Host == "" || u.User != nil || u.Fragment != "", "URL has no host, or a user or a fragment")
		plain := u.Scheme == "http" && loopback(u.Hostname())
		fault(u.Scheme != "https" && !plain, "URL is %s, want https", u.Scheme)
	}
	for _, one := range []struct {
		name       string
		value      *time.Duration
		least      time.Duration
		most, zero time.Duration
	}{
		{"Refresh", &cfg.Refresh, time.Minute, 24 * time.Hour, 15 * time.Minute},
		{"Stale", &cfg.Stale, -1 << 62, 7 * 24 * time.Hour, time.Hour},
		{"Pause", &cfg.Pause, time.Second, time.Hour, 30 * time.Second},
		{"Timeout", &cfg.Timeout, time.Millisecond, time.Minute, 5 * time.Second},
	} {
		if *one.value == 0 {
			*one.value = one.zero
		}
		fault(*one.value < one.least || *one.value > one.most, "%s is %v, want 0 (%v), or %v to %v", one.name, *one.value, one.zero, one.least, one.most)
	}
	fault(cfg.Pause > cfg.Refresh, "Pause is %v, longer than Refresh, %v: keys would be old before they may be asked for", cfg.Pause, cfg.Refresh)
	if err := errors.Join(errs...); err != nil {
		return Keys[K]{}, err
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	r := &remoteKeys{cfg: cfg, client: &http.Client{
		Transport: cfg.Transport, Timeout: cfg.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	r.turn = make(chan struct{}, 1)
	return Keys[K]{r}, nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// remoteKeys are keys that another issuer shows.
type remoteKeys struct {
	cfg    RemoteConfig
	client *http.Client
	turn   chan struct{} // whoever asks holds it

	mu    sync.RWMutex
	byID  map[string]Key
	at    time.Time // when they were the issuer's
	asked time.Time // when somebody asked last
	err   error     // what came of it
}

func (*remoteKeys) signing() (Key, bool)     { return Key{}, false }
func (*remoteKeys) known(string) (Key, bool) { return Key{}, false }

func (r *remoteKeys) keys() []Key {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var all []Key
	for _, k := range r.byID {
		all = append(all, k)
	}
	return all
}

// find asks the issuer where it must. What it cannot tell is an error that is none of a token.
func (r *remoteKeys) find(ctx context.Context, id string) (Key, error) {
	k, state := r.look(id)
	if state == current {
		return k, nil
	}
	select {
	case r.turn <- struct{}{}:
	default:
		if state == stale { // somebody asks; an issuer that hangs holds up nobody whose key is known
			return k, nil
		}
		select {
		case r.turn <- struct{}{}:
		case <-ctx.Done():
			return Key{}, ctx.Err()
		}
	}
	defer func() { <-r.turn }()
	if k, state = r.look(id); state == current { // somebody else asked while we waited
		return k, nil
	}
	if r.mayAsk() {
		r.ask(ctx)
		k, state = r.look(id)
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	switch {
	case state != unknown: // at worst it is stale, and nobody can tell better
		return k, nil
	case r.err != nil && time.Since(r.at) >= r.cfg.Refresh:
		return Key{}, fmt.Errorf("auth: remote keys: %w", r.err)
	}
	return Key{}, ErrUnknownKey
}

// knowledge is how well a key is known.
type knowledge int

const (
	unknown knowledge = iota
	stale
	current
)

func (r *remoteKeys) look(id string) (Key, knowledge) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	k, ok := r.byID[id]
	switch age := time.Since(r.at); {
	case !ok:
		return Key{}, unknown
	case age < r.cfg.Refresh:
		return k, current
	case age < r.cfg.Refresh+r.cfg.Stale:
		return k, stale
	}
	return Key{}, unknown
}

func (r *remoteKeys) mayAsk() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.asked.IsZero() || time.Since(r.asked) >= r.cfg.Pause
}

// ask gets the keys anew. The request does not end with that of the client whose token made us ask: others wait for it too.
func (r *remoteKeys) ask(ctx context.Context) {
	all, err := r.get(context.WithoutCancel(ctx))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked, r.err = time.Now(), err
	if err != nil {
		return
	}
	r.at, r.byID = r.asked, map[string]Key{}
	for _, k := range all {
		r.byID[k.id] = k
	}
}

func (r *remoteKeys) get(ctx context.Context) ([]Key, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.cfg.URL, nil) //nolint:gosec // The URL is the program's own.
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	answer, err := r.client.Do(request) //nolint:gosec // The URL is the program's own.
	if err != nil {
		return nil, withoutURL(err)
	}
	defer func() { _ = answer.Body.Close() }() // all that was wanted was read
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the issuer answers %d", answer.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxSet+1))
	switch {
	case err != nil:
		return nil, withoutURL(err)
	case len(text) > maxSet:
		return nil, fmt.Errorf("the set has more than %d bytes", maxSet)
	}
	return parseJWKS(text)
}

// withoutURL leaves out what may hold a secret of the issuer's.
func withoutURL(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return errors.New("the issuer does not answer in time")
	}
	return err
}
