package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/middleware"
)

// ended says that whatever a token says holds no more.
type ended struct{}

func (ended) Current(context.Context, *auth.Principal, bool) (*auth.Principal, error) {
	return nil, auth.ErrRevoked
}

// TestRefusalsAreEventsOfTheAccessLog reads what the access log tells those who watch over a service, in OWASP's words.
func TestRefusalsAreEventsOfTheAccessLog(t *testing.T) {
	t.Parallel()
	app, token := guarded(t, tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	revoked := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Standing = ended{} })
	taken := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)}, auth.Required(auth.Bearer(revoked, auth.BearerConfig{})))
	taken.Get("/v1/me", me)
	compile(t, taken)
	for _, tt := range []struct {
		name             string
		app              *tenon.App
		path, field      string
		event, principal string
		level            string
	}{
		{"a caller", app, "/v1/me", "Authorization: Bearer " + token, "", "42", "INFO"},
		{"nobody", app, "/v1/me", "", "", "", "INFO"},
		{"nobody where anybody may", app, "/v1/open", "", "", "", "INFO"},
		{"a database that is away", app, "/v1/me", "X-API-Key: broken", "", "", "WARN"},
		{"a token that is forged", app, "/v1/me", "Authorization: Bearer " + token[:len(token)-4] + "AAAA", "authn_login_fail", "", "WARN"},
		{"a key that nobody has", app, "/v1/me", "X-API-Key: nobody", "authn_login_fail", "", "WARN"},
		{"a wrong password", app, "/v1/me", basicOf("robot", "wrong"), "authn_login_fail", "", "WARN"},
		{"two credentials", app, "/v1/me?access_token=" + token, "", "authn_login_fail", "", "WARN"},
		{"a token that was taken away", taken, "/v1/me", "Authorization: Bearer " + issue(t, revoked, auth.Identity{Subject: "7"}), "authn_token_reuse", "", "WARN"},
		{"a caller who may not", app, "/v1/admin", "Authorization: Bearer " + token, "authz_fail", "42", "WARN"},
		{"a key without a scope", app, "/v1/edit", "X-API-Key: " + apiKeyText, "authz_fail", "key-owner", "WARN"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			mw, err := middleware.AccessLog(middleware.AccessLogConfig{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			var fields []string
			if tt.field != "" {
				fields = append(fields, tt.field)
			}
			call(t, mw(tt.app), "GET", tt.path, fields...)
			var line struct {
				Level     string `json:"level"`
				Event     string `json:"event"`
				Principal string `json:"principal"`
				Route     string `json:"route"`
				RequestID string `json:"request_id"`
			}
			if err := json.Unmarshal(log.Bytes(), &line); err != nil {
				t.Fatalf("%v: %s", err, &log)
			}
			if line.Event != tt.event || line.Principal != tt.principal || line.Level != tt.level || line.RequestID == "" || line.Route == "" {
				t.Errorf("%s", &log)
			}
		})
	}
}

// TestATokenThatHasExpiredIsNoEvent keeps what every client meets every ten minutes out of sight.
func TestATokenThatHasExpiredIsNoEvent(t *testing.T) {
	t.Parallel()
	for _, err := range []error{auth.ErrExpired, auth.ErrRevoked, auth.ErrSignature, context.Canceled} {
		want := map[error]string{auth.ErrRevoked: "authn_token_reuse", auth.ErrSignature: "authn_login_fail"}[err]
		if got := auth.EventOf(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}
