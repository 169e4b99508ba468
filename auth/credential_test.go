package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

// TestACredentialThatHasEndedIsRefused has a machine and an API key that end.
func TestACredentialThatHasEndedIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		of := auth.Identity{Subject: "robot", Expires: time.Now().Add(time.Hour)}
		machines, err := auth.Machines(auth.Machine{Identity: of, Secret: auth.NewSecret(machineSecret)})
		if err != nil {
			t.Fatal(err)
		}
		keys := func(context.Context, string, auth.Secret, bool) (*auth.Principal, error) {
			return auth.NewPrincipal(of)
		}
		app := tenon.New(quiet(), auth.Required(auth.Basic(auth.BasicConfig{Verify: machines}), auth.APIKey(auth.APIKeyConfig{Verify: keys})))
		app.Get("/me", me)
		compile(t, app)
		show := func(want int) {
			for _, field := range []string{basicOf("robot", machineSecret), "X-API-Key: x"} {
				if code := call(t, app, "GET", "/me", field).Code; code != want {
					t.Errorf("%s: %d, want %d", field, code, want)
				}
			}
		}
		show(http.StatusOK)
		<-time.After(time.Hour - time.Nanosecond)
		show(http.StatusOK)
		<-time.After(time.Nanosecond)
		show(http.StatusUnauthorized)
	})
}

// TestAScopeIsOneScope has a scope that one reader takes for two.
func TestAScopeIsOneScope(t *testing.T) {
	t.Parallel()
	tokens := newTokens(t, nil)
	for _, scope := range []string{"a\u2003admin", "a\u00a0admin", "a admin", "a\tadmin", "a\u0085admin", `a"b`, `a\b`, "ä", "", "a\x7f"} {
		of := auth.Identity{Subject: "1", Scopes: []string{scope}}
		if _, err := auth.NewPrincipal(of); err == nil {
			t.Errorf("%q is a scope of a principal", scope)
		}
		if _, _, err := tokens.Issue(of); err == nil {
			t.Errorf("%q is issued", scope)
		}
	}
	fine := []string{"!", "#[", "]~", "a:b/c.d"}
	p, err := tokens.Verify(t.Context(), issue(t, tokens, auth.Identity{Subject: "1", Scopes: fine}), true)
	if err != nil || !slices.Equal(p.Scopes(), fine) {
		t.Errorf("%v, %v", p.Scopes(), err)
	}
}

// TestClaimsAreTheCallersOwn changes what a principal of the cache says.
func TestClaimsAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	tokens := newTokens(t, nil)
	given := map[string]any{"org": map[string]any{"admin": false}, "list": []string{"a"}}
	token := issue(t, tokens, auth.Identity{Subject: "1", Claims: given})
	verify := func() *auth.Principal {
		p, err := tokens.Verify(t.Context(), token, false)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	org := func(value any, _ bool) map[string]any { return value.(map[string]any) }
	org(verify().Claim("org"))["admin"] = true
	of := verify().Identity()
	of.Claims["org"].(map[string]any)["admin"] = true
	of.Claims["list"].([]any)[0] = "b"
	own, err := auth.NewPrincipal(auth.Identity{Subject: "1", Claims: given})
	if err != nil {
		t.Fatal(err)
	}
	given["org"].(map[string]any)["admin"] = true
	for _, p := range []*auth.Principal{verify(), own} {
		if org(p.Claim("org"))["admin"] != false || p.Identity().Claims["list"].([]any)[0] != "a" {
			t.Errorf("the claims are %v now", p.Identity().Claims)
		}
	}
	if _, err := auth.NewPrincipal(auth.Identity{Subject: "1", Claims: map[string]any{"f": func() {}}}); err == nil || !strings.Contains(err.Error(), `Claims: "f"`) {
		t.Errorf("a claim that has no form in JSON: %v", err)
	}
}

// TestSecretsThatEverybodyKnows shows a secret of a tutorial with what files add to it.
func TestSecretsThatEverybodyKnows(t *testing.T) {
	t.Parallel()
	const published = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"
	for _, end := range []string{"", "\n", "\r\n", " ", "\t"} {
		if _, err := auth.NewHMAC([]byte(published + end)); err == nil || !strings.Contains(err.Error(), "everybody knows it") {
			t.Errorf("a key that ends in %q: %v", end, err)
		}
		if _, err := auth.NewHMAC([]byte("a sentence of more than thirty-two bytes" + end)); err == nil {
			t.Errorf("a text that ends in %q is a key", end)
		}
		if _, err := auth.Machines(auth.Machine{Identity: auth.Identity{Subject: "a"}, Secret: auth.NewSecret(published + end)}); err == nil {
			t.Errorf("a secret of a machine that ends in %q is taken", end)
		}
	}
	random := base64.StdEncoding.EncodeToString(newRoot(t).Derive("test", 32))
	if _, err := auth.NewHMAC([]byte(random + "\n")); err != nil {
		t.Errorf("a random key in base64 with a line end: %v", err)
	}
}

// TestEverythingIsOnlyForWhomAGuardJudged has a middleware that lets somebody else call, whom no guard has judged: Not of a role would hold.
func TestEverythingIsOnlyForWhomAGuardJudged(t *testing.T) {
	t.Parallel()
	p, err := auth.NewPrincipal(auth.Identity{Subject: "ada", Roles: []string{"guest"}})
	if err != nil {
		t.Fatal(err)
	}
	all := posts()
	all.All = auth.Not(auth.Role("guest"))
	as := tenon.AfterAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), p)))
		})
	})
	app := tenon.New(quiet(), storeRoles(), auth.Required(scheme(t)), all.Lists())
	app.Get("/posts", listPosts, as)
	compile(t, app)
	if w := call(t, app, "GET", "/posts", "X-Test: admin"); !strings.Contains(w.Body.String(), `"ada"`) {
		t.Errorf("a guest lists %s", w.Body)
	}
}

// TestAKeyThatIsNilIsRefused gives pointers of every type of key that are nil.
func TestAKeyThatIsNilIsRefused(t *testing.T) {
	t.Parallel()
	for _, key := range []any{
		nil, (*ecdsa.PrivateKey)(nil), (*ecdsa.PublicKey)(nil), (*rsa.PrivateKey)(nil), (*rsa.PublicKey)(nil), &rsa.PublicKey{}, &rsa.PrivateKey{},
		&ecdsa.PublicKey{}, &ecdsa.PrivateKey{}, ed25519.PrivateKey(nil), ed25519.PublicKey(nil),
	} {
		if _, err := auth.NewKey(key); err == nil {
			t.Errorf("%T is a key", key)
		}
	}
}

// TestAHeaderOfKeysIsOneOfItsOwn names fields that have a meaning, or are no fields.
func TestAHeaderOfKeysIsOneOfItsOwn(t *testing.T) {
	t.Parallel()
	verify := func(context.Context, string, auth.Secret, bool) (*auth.Principal, error) { return nil, auth.ErrUnknown }
	for header, ok := range map[string]bool{
		"": true, "X-Key": true, "x-key": true, "Key_1": true, "authorization": false, "Host": false, "COOKIE": false, "Proxy-Authorization": false,
		"Content-Length": false, "X Key": false, "X-Key:": false, "X-Ключ": false, "X\r\nY": false, "X\"Y": false,
	} {
		app := tenon.New(quiet(), auth.Required(auth.APIKey(auth.APIKeyConfig{Header: header, Verify: verify})))
		app.Get("/me", me)
		if err := app.Compile(); (err == nil) != ok {
			t.Errorf("%q: %v", header, err)
		}
	}
}

// TestTheFormOffersWhatRulesAskFor has a rule of a scope that nobody could get by the form of the scheme.
func TestTheFormOffersWhatRulesAskFor(t *testing.T) {
	t.Parallel()
	form := auth.BearerConfig{TokenURL: "/token", Scopes: map[string]string{"read": "Read."}}
	for name, tt := range map[string]struct {
		cfg  auth.BearerConfig
		rule tenon.Option
		ok   bool
	}{
		"offered": {form, auth.Scope("read"), true}, "not offered": {form, auth.Or(auth.Scope("read"), auth.Scope("write")), false},
		"no choice": {auth.BearerConfig{TokenURL: "/token"}, auth.Scope("write"), true}, "no form": {auth.BearerConfig{}, auth.Scope("write"), true},
	} {
		app := tenon.New(quiet(), auth.Required(auth.Bearer(newTokens(t, nil), tt.cfg)))
		app.Get("/me", me, tt.rule)
		if err := app.Compile(); (err == nil) != tt.ok || err != nil && !strings.Contains(err.Error(), "asks for scope write, which BearerConfig.Scopes does not offer") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheMatrixKnowsScopesOfObjects has a scope that only the rule of a row names.
func TestTheMatrixKnowsScopesOfObjects(t *testing.T) {
	t.Parallel()
	all := posts()
	all.All = auth.Scope("posts:all")
	app := tenon.New(quiet(), auth.Required(scheme(t)), all.Load(load(true)))
	app.Get("/posts/{id}", getPost)
	m := auth.Matrix(compile(t, app))
	var names []string
	for _, c := range m.Callers {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, ", "); got != "nobody, no role, no scope, API key" ||
		!slices.Equal(m.Rows[0].Verdicts, []auth.Verdict{auth.Anonymous, auth.Allowed, auth.OnlyOwn, auth.Allowed}) {
		t.Errorf("columns %s: %v", got, m.Rows[0].Verdicts)
	}
}

// TestTheMatrixHasAColumnForKeys where an app takes any: an operation that does not look at them knows nobody by one.
func TestTheMatrixHasAColumnForKeys(t *testing.T) {
	t.Parallel()
	bearer := auth.Bearer(newTokens(t, nil), auth.BearerConfig{})
	app := tenon.New(quiet(), auth.Roles(auth.RoleGrant{Name: "admin"}))
	both, people := app.Group("/both", auth.Required(bearer, scheme(t))), app.Group("/people", auth.Required(bearer))
	both.Get("/anybody", me)
	both.Get("/admin", me, auth.Role("admin"))
	both.Get("/scope", me, auth.Scope("write"))
	both.Get("/session", me, auth.When("in a session", func(p *auth.Principal) bool { return p.Session() != "" }))
	both.Get("/program", me, auth.When("a program", func(p *auth.Principal) bool { return p.Kind() == auth.KindMachine }))
	people.Get("/anybody", me)
	people.Get("/open", open, auth.Public("for all"))
	people.Get("/optional", open, auth.Optional("greets"))
	want := map[string]auth.Verdict{
		"GET /both/anybody": auth.Allowed, "GET /both/admin": auth.Denied, "GET /both/scope": auth.Allowed, "GET /both/session": auth.Denied,
		"GET /both/program": auth.Allowed, "GET /people/anybody": auth.Anonymous, "GET /people/open": auth.Allowed, "GET /people/optional": auth.Allowed,
	}
	m := auth.Matrix(compile(t, app))
	i := slices.IndexFunc(m.Callers, func(c auth.Caller) bool { return c.Name == "API key" })
	for _, row := range m.Rows {
		if row.Verdicts[i] != want[row.Operation] {
			t.Errorf("%s: %s, want %s", row.Operation, row.Verdicts[i], want[row.Operation])
		}
	}
	only := tenon.New(quiet(), auth.Required(bearer))
	only.Get("/me", me)
	if slices.ContainsFunc(auth.Matrix(compile(t, only)).Callers, func(c auth.Caller) bool { return c.Name == "API key" }) {
		t.Error("an app without keys has a column for them")
	}
}
