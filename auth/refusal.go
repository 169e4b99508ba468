package auth

import "errors"

// Why a credential was refused. Clients learn no more than that it was; the log and the program can tell.
var (
	ErrEmpty        = errors.New("auth: the credential is empty, or its field is not written as it must be")
	ErrMalformed    = errors.New("auth: the credential is malformed")
	ErrTooLarge     = errors.New("auth: the token is too large")
	ErrAlgorithm    = errors.New("auth: the algorithm is not that of the key")
	ErrUnknownKey   = errors.New("auth: no key has the id")
	ErrSignature    = errors.New("auth: the signature is wrong")
	ErrType         = errors.New("auth: the token is of another kind")
	ErrCritical     = errors.New("auth: the token demands an extension, or brings its own key")
	ErrClaims       = errors.New("auth: a claim is missing or wrong")
	ErrIssuer       = errors.New("auth: the token is from another issuer")
	ErrAudience     = errors.New("auth: the token is for somebody else")
	ErrExpired      = errors.New("auth: the credential has expired")
	ErrNotYetValid  = errors.New("auth: the credential is from the future")
	ErrRevoked      = errors.New("auth: the credential was revoked")
	ErrUnknown      = errors.New("auth: nobody has the credential")
	ErrAmbiguous    = errors.New("auth: the request shows several credentials")
	ErrWrongPlace   = errors.New("auth: the token stands in the URL")
	errNoCredential = errors.New("auth: the request shows no credential")
)

// invalidRequest reports whether a request is wrong whatever the credential is (RFC 6750, section 3.1).
func invalidRequest(err error) bool {
	return errors.Is(err, ErrAmbiguous) || errors.Is(err, ErrWrongPlace) || errors.Is(err, ErrEmpty)
}

// refused reports whether an error says that a credential does not count, and not that nobody could tell.
func refused(err error) bool {
	for _, cause := range []error{
		ErrTooLarge, ErrAlgorithm, ErrUnknownKey, ErrSignature, ErrType, ErrCritical, ErrClaims, ErrIssuer, ErrAudience, ErrExpired, ErrNotYetValid,
		ErrRevoked, ErrUnknown, ErrMalformed, errNoCredential,
	} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return invalidRequest(err)
}
