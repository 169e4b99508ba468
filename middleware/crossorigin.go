package middleware

import (
	"net/http"

	"github.com/tenon-go/tenon/problem"
)

// ErrCrossOrigin answers a change that a page of another site asks for. Name it with tenon.Fails where CrossOrigin is used.
var ErrCrossOrigin = problem.Define(http.StatusForbidden, "cross-origin", "The request comes from a page of another origin.")

// CrossOriginConfig describes CrossOrigin.
type CrossOriginConfig struct {
	// TrustedOrigins are other origins whose pages may ask for changes, such as https://app.example.com. Default none.
	TrustedOrigins []string
}

// CrossOrigin refuses changes that a browser asks for on behalf of a page of another origin, which is what CSRF is: it needs no token,
// since every browser says in Sec-Fetch-Site or Origin where a request comes from. Requests that only read pass, and so do those of other
// clients than browsers, which send no cookies that are not their own. It is for services whose callers are known by a cookie.
func CrossOrigin(cfg CrossOriginConfig) (Middleware, error) {
	protection := http.NewCrossOriginProtection()
	var errs []error
	for _, origin := range cfg.TrustedOrigins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			errs = append(errs, err)
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, ErrCrossOrigin)
	}))
	return protection.Handler, named("CrossOriginConfig", errs)
}
