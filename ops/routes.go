package ops

import (
	"cmp"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenon-go/tenon"
)

// routes lists the operations, one on a line: path, method, version and id, and what is out of the ordinary.
func routes(app *tenon.App) string {
	var b strings.Builder
	for _, o := range app.Operations() {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s", o.Path, o.Method, cmp.Or(o.Version, "-"), o.ID)
		for _, note := range []struct {
			is   bool
			text string
		}{{o.Deprecated, "deprecated"}, {o.Hidden, "hidden"}, {o.Critical, "critical"}} {
			if note.is {
				b.WriteString("\t" + note.text)
			}
		}
		b.WriteString("\n")
	}
	return cmp.Or(b.String(), "The app has no operations, or is not compiled.")
}

// explain tells what a request would meet, whose method, path and header fields the query names:
//
//	curl -G 127.0.0.1:8081/explain -d method=POST -d path=/users -d 'header=API-Version: v1' -d as=nobody -d 'as=admin scope='
//
// Nothing runs of it. Who accepts JSON gets all that is known.
func explain(app *tenon.App) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, callers, err := about(r)
		if err != nil {
			answer(w, http.StatusUnprocessableEntity, err.Error())
			return
		}
		e, err := app.Explain(asked, callers...)
		switch {
		case err != nil:
			answer(w, http.StatusServiceUnavailable, err.Error())
		case r.Header.Get("Accept") == "application/json":
			w.Header().Set("Content-Type", "application/json")
			_ = json.MarshalWrite(w, e)
		default:
			answer(w, http.StatusOK, e.String())
		}
	})
}

var errUnasked = errors.New("the query names a request: path=/users, and method=POST, header=NAME:VALUE or as=CALLER where they matter")

// about is the request that a query describes, and those who might send it.
func about(r *http.Request) (*http.Request, []tenon.Caller, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if path := query.Get("path"); err != nil || !strings.HasPrefix(path, "/") {
		return nil, nil, errUnasked
	}
	method := cmp.Or(strings.ToUpper(query.Get("method")), http.MethodGet)
	asked, err := http.NewRequestWithContext(r.Context(), method, "http://localhost"+query.Get("path"), http.NoBody) //nolint:gosec // It is not sent.
	if err != nil {
		return nil, nil, err
	}
	for _, field := range query["header"] {
		name, value, _ := strings.Cut(field, ":")
		asked.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	callers := make([]tenon.Caller, len(query["as"]))
	for i, text := range query["as"] {
		if err := callers[i].UnmarshalText([]byte(text)); err != nil {
			return nil, nil, err
		}
	}
	return asked, callers, nil
}
