package auth

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
)

// Kind is what a token is for. A type of its own for each makes that tokens of one cannot serve as another: it is the type parameter of keys
// and tokens, stands in the header of each token (typ), and is mixed into keys that are derived. It is an empty struct.
type Kind interface {
	// TokenType is the typ of the tokens (RFC 8725, section 3.11), such as "reset+jwt". It must be the same for each value, and no other kind's.
	TokenType() string
}

// Access is the kind of access tokens (RFC 9068).
type Access struct{}

// TokenType is "at+jwt".
func (Access) TokenType() string { return "at+jwt" }

// typeOf is the typ of a kind.
func typeOf[K Kind]() string {
	var kind K
	return kind.TokenType()
}

// Keys are the keys of one kind of token: one that signs, and those that verify what others signed before. Make them with NewKeys, DeriveKeys or
// RemoteKeys. The zero value has none.
type Keys[K Kind] struct {
	source source
}

// source finds keys by their id.
type source interface {
	// signing is the key that signs; false is none.
	signing() (Key, bool)
	// find returns the key of an id, or errUnknownKey.
	find(ctx context.Context, id string) (Key, error)
	// known returns the key whose tokens all have this header; false is none.
	known(header string) (Key, bool)
	// keys are those at hand.
	keys() []Key
}

// NewKeys makes keys of a key that signs new tokens and older ones that still verify. To change keys without logging anybody out, first add the
// new one as an older one, everywhere; then put it first; and take the old one away when its last token has ended.
// A key that only verifies can stand first: nothing is signed then.
func NewKeys[K Kind](newest Key, older ...Key) (Keys[K], error) {
	set := &localKeys{newest: newest, byID: map[string]Key{}, byHeader: map[string]Key{}}
	var errs []error
	for i, k := range append([]Key{newest}, older...) {
		if k.verify == nil {
			errs = append(errs, fmt.Errorf("auth: NewKeys: key %d is a zero value", i))
			continue
		}
		if _, ok := set.byID[k.id]; ok {
			errs = append(errs, fmt.Errorf("auth: NewKeys: key %s is there twice", k.id))
			continue
		}
		set.byID[k.id] = k
		set.byHeader[encodedHeader(k, typeOf[K]())] = k
		set.all = append(set.all, k)
	}
	if err := errors.Join(errs...); err != nil {
		return Keys[K]{}, err
	}
	return Keys[K]{set}, nil
}

// DeriveKeys makes keys of EdDSA of root keys: the newest signs, the older ones still verify. Keys of two kinds say nothing of each other, and the
// public halves can be shown to everybody: see JWKS.
func DeriveKeys[K Kind](newest Root, older ...Root) (Keys[K], error) {
	return derive[K](older, newest, "tenon token EdDSA ", func(seed []byte) (Key, error) { return NewKey(ed25519.NewKeyFromSeed(seed)) })
}

// DeriveHMAC is DeriveKeys for HS256, which verifies faster and has no public half.
func DeriveHMAC[K Kind](newest Root, older ...Root) (Keys[K], error) {
	return derive[K](older, newest, "tenon token HS256 ", NewHMAC)
}

func derive[K Kind](older []Root, newest Root, purpose string, of func([]byte) (Key, error)) (Keys[K], error) {
	var all []Key
	for _, root := range append([]Root{newest}, older...) {
		if root.IsZero() {
			return Keys[K]{}, errors.New("auth: a root key is missing")
		}
		k, err := of(root.Derive(purpose+typeOf[K](), 32))
		if err != nil {
			return Keys[K]{}, err
		}
		all = append(all, k)
	}
	return NewKeys[K](all[0], all[1:]...)
}

// localKeys are keys that do not change.
type localKeys struct {
	newest   Key
	all      []Key
	byID     map[string]Key
	byHeader map[string]Key
}

func (l *localKeys) signing() (Key, bool) { return l.newest, l.newest.sign != nil }

func (l *localKeys) find(_ context.Context, id string) (Key, error) {
	k, ok := l.byID[id]
	if !ok {
		return Key{}, ErrUnknownKey
	}
	return k, nil
}

func (l *localKeys) known(header string) (Key, bool) {
	k, ok := l.byHeader[header]
	return k, ok
}

func (l *localKeys) keys() []Key { return l.all }

// encodedHeader is the header of the tokens that we sign.
func encodedHeader(k Key, typ string) string {
	text := `{"alg":"` + string(k.alg) + `","kid":"` + k.id + `","typ":"` + typ + `"}`
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}
