package auth

import "errors"

// refusal is why a credential does not count.
type refusal string

// Error is the reason.
func (r refusal) Error() string { return "auth: " + string(r) }

// Why a credential was refused. Clients learn no more than that it was; the log and the program can tell.
const (
	ErrEmpty        = refusal("the credential is empty, or its field is not written as it must be")
	ErrMalformed    = refusal("the credential is malformed")
	ErrTooLarge     = refusal("the token is too large")
	ErrAlgorithm    = refusal("the algorithm is not that of the key")
	ErrUnknownKey   = refusal("no key has the id")
	ErrSignature    = refusal("the signature is wrong")
	ErrType         = refusal("the token is of another kind")
	ErrCritical     = refusal("the token demands an extension, or brings its own key")
	ErrClaims       = refusal("a claim is missing or wrong")
	ErrIssuer       = refusal("the token is from another issuer")
	ErrAudience     = refusal("the token is for somebody else")
	ErrExpired      = refusal("the credential has expired")
	ErrNotYetValid  = refusal("the credential is from the future")
	ErrRevoked      = refusal("the credential was revoked")
	ErrUnknown      = refusal("nobody has the credential")
	ErrAmbiguous    = refusal("the request shows several credentials")
	ErrWrongPlace   = refusal("the token stands in the URL")
	errNoCredential = refusal("the request shows no credential")
)

// invalidRequest reports whether a request is wrong whatever the credential is (RFC 6750, section 3.1).
func invalidRequest(err error) bool {
	return errors.Is(err, ErrAmbiguous) || errors.Is(err, ErrWrongPlace) || errors.Is(err, ErrEmpty)
}

// eventOf is what a refusal is for those who watch over the service, in OWASP's vocabulary. That nothing is shown, or that a token has come to its end,
// happens all the time.
func eventOf(err error) string {
	switch {
	case !refused(err), errors.Is(err, errNoCredential), errors.Is(err, ErrExpired):
		return ""
	case errors.Is(err, ErrRevoked):
		return "authn_token_reuse"
	}
	return "authn_login_fail"
}

// refused reports whether an error says that a credential does not count, and not that nobody could tell.
func refused(err error) bool {
	_, ok := errors.AsType[refusal](err)
	return ok
}
