package tenon

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// ErrorForm is another shape for the body of every error of an app, for clients that know it from elsewhere; see package fastapi. The
// statuses and header fields stay those of the problems. All of its fields are needed.
type ErrorForm struct {
	// MediaType is the Content-Type, such as "application/json".
	MediaType string
	// Append appends the body of an error. It is called by many requests at once, and must not tell what the problem wraps.
	Append func(b []byte, e *problem.Error, o problem.Occurrence) []byte
	// Schema describes the body of errors of the status that e has. It is called at start.
	Schema func(e *problem.Error) *schema.Schema
}

func (f *ErrorForm) check() error {
	if f == nil {
		return nil
	}
	essence, _, ok := media.Essence(f.MediaType)
	if !ok || essence != f.MediaType || media.IsRange(essence) || f.Append == nil || f.Schema == nil {
		return errors.New("an ErrorForm has a MediaType in lower case without parameters, Append and Schema")
	}
	return nil
}

// errorMedia is the media type of errors.
func (a *App) errorMedia() string {
	if a.cfg.Errors != nil {
		return a.cfg.Errors.MediaType
	}
	return problem.MediaType
}

// appendError appends the body of an error in the form of the app. A problem whose members cannot be written becomes an internal one.
func (a *App) appendError(b []byte, r *http.Request, e *problem.Error, o problem.Occurrence) (*problem.Error, []byte) {
	body, err := a.errorBody(b, e, o)
	if err == nil {
		return e, body
	}
	a.cfg.Logger.LogAttrs(withoutCancel(r), slog.LevelError, "the members of a problem cannot be written",
		slog.String("problem", e.Error()), slog.String("request_id", o.RequestID), slog.String("error", err.Error()))
	e = problem.New(problem.CodeInternal, "")
	body, _ = a.errorBody(b, e, o) // it has no members
	return e, body
}

func (a *App) errorBody(b []byte, e *problem.Error, o problem.Occurrence) ([]byte, error) {
	members, err := a.extensions.members(e)
	if err != nil {
		return nil, err
	}
	o.Members = members
	if a.cfg.Errors != nil {
		return a.cfg.Errors.Append(b, e, o), nil
	}
	return e.Append(b, o), nil
}
