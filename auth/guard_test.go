package auth_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

const (
	apiKeyText    = "key_0123456789"
	machineSecret = "wq3Vb0aXk8JrT5yL2mN7sD4fG6hZ9cEu"
)

// guarded is an app that takes tokens, keys and passwords, and a token of it.
func guarded(t *testing.T, cfg tenon.Config) (app *tenon.App, token string) {
	t.Helper()
	tokens := newTokens(t, nil)
	machines, err := auth.Machines(auth.Machine{Identity: auth.Identity{Subject: "robot", Roles: []string{"user"}}, Secret: auth.NewSecret(machineSecret)})
	if err != nil {
		t.Fatal(err)
	}
	keys := func(_ context.Context, _ string, key auth.Secret, _ bool) (*auth.Principal, error) {
		switch {
		case key.Equal(auth.NewSecret(apiKeyText)):
			return auth.NewPrincipal(auth.Identity{Subject: "key-owner", Scopes: []string{"items:read"}})
		case key.Equal(auth.NewSecret("broken")):
			return nil, errors.New("the database is away")
		}
		return nil, auth.ErrUnknown
	}
	app = tenon.New(cfg)
	g := app.Group("/v1", storeRoles(), auth.Required(
		auth.Bearer(tokens, auth.BearerConfig{}), auth.APIKey(auth.APIKeyConfig{Verify: keys}), auth.Basic(auth.BasicConfig{Verify: machines}),
	))
	g.Get("/me", me)
	g.Post("/things", func(context.Context, *struct {
		Body string `body:""`
	}) (*who, error) {
		return &who{Roles: []string{}}, nil
	})
	g.Get("/open", open, auth.Public("a test"))
	g.Get("/perhaps", perhaps, auth.Optional("a test"))
	g.Get("/admin", me, auth.Role("admin"))
	g.Get("/edit", me, auth.Role("editor"))
	g.Get("/scope", me, auth.Scope("items:read"))
	g.Get("/delete", me, auth.Permission("users:delete"))
	return compile(t, app), issue(t, tokens, auth.Identity{Subject: "42", Roles: []string{"editor"}})
}

func basicOf(user, password string) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// TestFA15Credentials shows each scheme what is right, missing, malformed and of another.
func TestFA15Credentials(t *testing.T) {
	t.Parallel()
	app, token := guarded(t, tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	const all = `Bearer realm="api", ApiKey realm="api", header="X-API-Key", Basic realm="api", charset="UTF-8"`
	const invalidToken, invalidRequest = `Bearer realm="api", error="invalid_token"`, `Bearer realm="api", error="invalid_request"`
	for _, tt := range []struct {
		name      string
		path      string
		fields    []string
		status    int
		challenge string
	}{
		{"a token", "/me", []string{"Authorization: Bearer " + token}, 200, ""},
		{"the name of a scheme in any case", "/me", []string{"Authorization: bEARER " + token}, 200, ""},
		{"several spaces", "/me", []string{"Authorization: Bearer   " + token}, 200, ""},
		{"a key", "/me", []string{"X-API-Key: " + apiKeyText}, 200, ""},
		{"a name and a password", "/me", []string{basicOf("robot", machineSecret)}, 200, ""},
		{"nothing", "/me", nil, 401, all},
		{"another scheme", "/me", []string{"Authorization: Digest username=x"}, 401, all},
		{"a scheme that begins alike", "/me", []string{"Authorization: BearerX " + token}, 401, all},
		{"a token without a scheme", "/me", []string{"Authorization: " + token}, 401, all},
		{"an empty field", "/me", []string{"Authorization: "}, 401, invalidRequest},
		{"a scheme alone", "/me", []string{"Authorization: Bearer"}, 401, invalidRequest},
		{"an empty token", "/me", []string{"Authorization: Bearer "}, 401, invalidRequest},
		{"two fields", "/me", []string{"Authorization: Bearer " + token, "Authorization: Bearer " + token}, 401, invalidRequest},
		{"two tokens in one field", "/me", []string{"Authorization: Bearer " + token + ", Bearer " + token}, 401, invalidToken},
		{"a token and a space", "/me", []string{"Authorization: Bearer " + token + " "}, 401, invalidToken},
		{"a token after a tab", "/me", []string{"Authorization: Bearer\t" + token}, 401, all},
		{"a token in the URL", "/me?access_token=" + token, nil, 401, invalidRequest},
		{"a token in the URL beside one in its place", "/me?access_token=x", []string{"Authorization: Bearer " + token}, 401, invalidRequest},
		{"a token that is none", "/me", []string{"Authorization: Bearer x"}, 401, invalidToken},
		{"a token that is too large", "/me", []string{"Authorization: Bearer " + strings.Repeat("x", 9<<10)}, 401, invalidToken},
		{"a token and a key", "/me", []string{"Authorization: Bearer " + token, "X-API-Key: " + apiKeyText}, 401, all},
		{"an unknown key", "/me", []string{"X-API-Key: nobody"}, 401, `ApiKey realm="api", header="X-API-Key"`},
		{"an empty key", "/me", []string{"X-API-Key: "}, 401, `ApiKey realm="api", header="X-API-Key"`},
		{"two keys", "/me", []string{"X-API-Key: " + apiKeyText, "X-API-Key: " + apiKeyText}, 401, `ApiKey realm="api", header="X-API-Key"`},
		{"a key that is too large", "/me", []string{"X-API-Key: " + strings.Repeat("x", 2000)}, 401, `ApiKey realm="api", header="X-API-Key"`},
		{"nobody can tell", "/me", []string{"X-API-Key: broken"}, 503, ""},
		{"a wrong password", "/me", []string{basicOf("robot", machineSecret+"x")}, 401, `Basic realm="api", charset="UTF-8"`},
		{"an unknown machine", "/me", []string{basicOf("nobody", machineSecret)}, 401, `Basic realm="api", charset="UTF-8"`},
		{"an unknown machine without a password", "/me", []string{basicOf("nobody", "")}, 401, `Basic realm="api", charset="UTF-8"`},
		{"no colon", "/me", []string{"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("robot"))}, 401, `Basic realm="api", charset="UTF-8"`},
		{"base64 of another form", "/me", []string{"Authorization: Basic cm9ib3Q6-_8"}, 401, `Basic realm="api", charset="UTF-8"`},
		{"a name with a line end", "/me", []string{basicOf("ro\nbot", machineSecret)}, 401, `Basic realm="api", charset="UTF-8"`},

		{"public", "/open", nil, 200, ""},
		{"public, whatever is shown", "/open", []string{"Authorization: Bearer x"}, 200, ""},
		{"optional, with nothing", "/perhaps", nil, 200, ""},
		{"optional, with a token", "/perhaps", []string{"Authorization: Bearer " + token}, 200, ""},
		{"optional, with a wrong token", "/perhaps", []string{"Authorization: Bearer x"}, 401, invalidToken},
		{"optional, with another scheme", "/perhaps", []string{"Authorization: Digest x"}, 401, all},

		{"a role that the caller has not", "/admin", []string{"Authorization: Bearer " + token}, 403, ""},
		{"a role that the caller has", "/edit", []string{"Authorization: Bearer " + token}, 200, ""},
		{"a role, and nobody", "/admin", nil, 401, all},
		{"a scope that the token has not", "/scope", []string{"Authorization: Bearer " + token}, 403, `Bearer realm="api", error="insufficient_scope", scope="items:read"`},
		{"a scope that the machine has not", "/scope", []string{basicOf("robot", machineSecret)}, 403, ""},
		{"a scope that the key has", "/scope", []string{"X-API-Key: " + apiKeyText}, 200, ""},
		{"a permission that the caller has not", "/delete", []string{"Authorization: Bearer " + token}, 403, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := call(t, app, "GET", "/v1"+tt.path, tt.fields...)
			if got := w.Header().Get("WWW-Authenticate"); w.Code != tt.status || got != tt.challenge {
				t.Errorf("%d, WWW-Authenticate %q; want %d, %q\n%s", w.Code, got, tt.status, tt.challenge, w.Body)
			}
			if tt.status >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
				t.Error("not a problem")
			}
		})
	}
}

// untouched is a body that nobody may read.
type untouched struct{ t *testing.T }

func (u untouched) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func (untouched) Close() error { return nil }

// TestN05NothingIsReadBeforeTheCallerIsKnown refuses callers of a POST, and looks whether its body or its media type mattered.
func TestN05NothingIsReadBeforeTheCallerIsKnown(t *testing.T) {
	t.Parallel()
	app, _ := guarded(t, tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	for _, credential := range []string{"", "Bearer x", "Basic x"} {
		r := httptest.NewRequest(http.MethodPost, "/v1/things", untouched{t})
		r.Header.Set("Content-Type", "image/png")
		if credential != "" {
			r.Header.Set("Authorization", credential)
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%q: %d", credential, w.Code)
		}
	}
}

func TestNoHeaderMakesACaller(t *testing.T) {
	t.Parallel()
	app, token := guarded(t, tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	forged := []string{
		"X-User: admin", "X-Remote-User: admin", "Remote-User: admin", "X-Forwarded-User: admin", "X-Auth-Request-User: admin", "X-Principal: admin",
		"Cookie: session=admin", "X-Role: admin", "X-Roles: admin",
	}
	if w := call(t, app, "GET", "/v1/me", forged...); w.Code != 401 {
		t.Errorf("%d for a caller of header fields", w.Code)
	}
	if w := call(t, app, "GET", "/v1/admin", append(forged, "Authorization: Bearer "+token)...); w.Code != 403 {
		t.Errorf("%d for a role of header fields", w.Code)
	}
}

// TestSD063CausesAreLoggedAndNotTold compares what clients of different mistakes are answered, and what the log says of them.
func TestSD063CausesAreLoggedAndNotTold(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	app, token := guarded(t, tenon.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	other := issue(t, newTokens(t, nil), auth.Identity{Subject: "42"})
	var first string
	for _, tt := range []struct{ token, cause string }{
		{token[:len(token)-4] + "AAAA", "the signature is wrong"}, {other, "no key has the id"}, {"x", "malformed"}, {"x.y.z", "malformed"},
	} {
		log.Reset()
		w := call(t, app, "GET", "/v1/me", "Authorization: Bearer "+tt.token)
		body, _, _ := strings.Cut(w.Body.String(), `"instance"`)
		body += w.Header().Get("WWW-Authenticate")
		if first == "" {
			first = body
		}
		if body != first {
			t.Errorf("clients can tell: %s and %s", first, body)
		}
		if !strings.Contains(log.String(), tt.cause) {
			t.Errorf("the log does not say %q: %s", tt.cause, log.String())
		}
		if strings.Contains(log.String(), tt.token) && len(tt.token) > 5 {
			t.Errorf("the log has the token")
		}
	}
}

func TestTheCallerThatHandlersGet(t *testing.T) {
	t.Parallel()
	app, token := guarded(t, tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	for _, tt := range []struct{ credential, body string }{
		{"Authorization: Bearer " + token, `{"subject":"42","kind":"user","roles":["editor"],"editor":true}`},
		{"X-API-Key: " + apiKeyText, `{"subject":"key-owner","kind":"user","roles":[],"editor":false}`},
		{basicOf("robot", machineSecret), `{"subject":"robot","kind":"machine","roles":["user"],"editor":false}`},
	} {
		if w := call(t, app, "GET", "/v1/me", tt.credential); w.Body.String() != tt.body {
			t.Errorf("got %s, want %s", w.Body, tt.body)
		}
	}
}
