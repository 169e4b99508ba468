package session

import (
	"encoding/json/v2"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// Read is the value of a request's session for what runs before providers, such as an auth.Scheme; ok is false where the session is empty. It changes
// nothing and does not move the end of the session. An error is the problem of a Store that cannot be asked.
func (s *Sessions[T]) Read(r *http.Request) (value T, ok bool, err error) {
	before, err := s.core.load(r.Context(), r.Header["Cookie"], s.core.cfg.Now())
	if err != nil || before.text == nil {
		return value, false, err
	}
	if err := json.Unmarshal(before.text, &value); err != nil {
		s.core.unreadable(r.Context(), err)
		return *new(T), false, nil
	}
	return value, true, nil
}

// Security describes the cookie as a scheme, for operations that are for those alone who have signed in: see tenon.Operation.Secure and auth.Scheme.
// name is that of the scheme in the document.
func (s *Sessions[T]) Security(name string) tenon.Security {
	return tenon.Security{Name: name, Scheme: &openapi.SecurityScheme{Type: "apiKey", In: "cookie", Name: s.core.cfg.Name}}
}
