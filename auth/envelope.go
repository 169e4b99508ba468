package auth

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"strings"
)

// envelope is a token in its compact form (RFC 7515, section 3.1), with nothing of it verified.
type envelope struct {
	header, claims, signature string // encoded
	signed                    string // what the signature is of
}

// header is what we read of the header of a token. Those that we do not know are passed over, as RFC 7515, section 4, demands.
type header struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
	Type      string `json:"typ"`

	// These change how a token is to be read, or bring along the key that is to verify it. Whatever they say, the token is refused.
	Critical jsontext.Value `json:"crit,omitzero"`
	Base64   jsontext.Value `json:"b64,omitzero"`
	Zip      jsontext.Value `json:"zip,omitzero"`
	Encoding jsontext.Value `json:"enc,omitzero"`
	Key      jsontext.Value `json:"jwk,omitzero"`
	KeyURL   jsontext.Value `json:"jku,omitzero"`
	Chain    jsontext.Value `json:"x5c,omitzero"`
	ChainURL jsontext.Value `json:"x5u,omitzero"`
}

// open takes a token apart.
func open(token string) (envelope, error) {
	first := strings.IndexByte(token, '.')
	last := strings.LastIndexByte(token, '.')
	if first <= 0 || last == first || last == len(token)-1 || strings.IndexByte(token[first+1:last], '.') >= 0 {
		return envelope{}, fmt.Errorf("%w: it has not three parts", ErrMalformed)
	}
	return envelope{header: token[:first], claims: token[first+1 : last], signature: token[last+1:], signed: token[:last]}, nil
}

// decodePart reads a part that holds JSON. Names must be written as they are, and only once.
func decodePart(part string, into any) error {
	text, err := decode64(part)
	if err != nil {
		return fmt.Errorf("%w: a part is not base64url", ErrMalformed)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%w: a part is not the JSON that it should be", ErrMalformed)
	}
	return nil
}

// read reads the header of a token and refuses what would have us read it in another way.
func (e *envelope) read(typ string, untyped bool) (header, error) {
	var h header
	if err := decodePart(e.header, &h); err != nil {
		return h, err
	}
	for _, value := range []jsontext.Value{h.Critical, h.Base64, h.Zip, h.Encoding, h.Key, h.KeyURL, h.Chain, h.ChainURL} {
		if value != nil {
			return h, ErrCritical
		}
	}
	is := strings.TrimPrefix(strings.ToLower(h.Type), "application/")
	plain := untyped && (is == "" || is == "jwt")
	if is != typ && !plain {
		return h, ErrType
	}
	if h.KeyID == "" {
		return h, fmt.Errorf("%w: the header names none", ErrUnknownKey)
	}
	return h, nil
}
