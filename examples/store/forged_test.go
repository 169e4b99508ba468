package store_test

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// unlock is a kind of token that the service does not have.
type unlock struct{}

func (unlock) TokenType() string { return "unlock+jwt" }

var b64 = base64.RawURLEncoding

// madeBy makes a token as a service would that has keys of its own, or those of the store with other names.
func madeBy[K auth.Kind](t *testing.T, root auth.Root, issuer, audience string) string {
	t.Helper()
	keys, err := auth.DeriveKeys[K](root)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.NewTokens(auth.TokensConfig[K]{Keys: keys, Issuer: issuer, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := tokens.Issue(auth.Identity{Subject: "1", Roles: []string{"admin"}})
	if err != nil {
		t.Fatal(err)
	}
	var text string
	_ = token.Use(func(b []byte) error { text = string(b); return nil })
	return text
}

// forged are tokens of whoever has one of a user and what the service shows to everybody, and those that the same keys make for something else.
func forged(t *testing.T, token, refresh string, public []byte) map[string]string {
	t.Helper()
	parts := strings.Split(token, ".")
	h, c, s := parts[0], parts[1], parts[2]
	header, err := b64.DecodeString(h)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := b64.DecodeString(c)
	if err != nil {
		t.Fatal(err)
	}
	var named struct {
		Kid string `json:"kid"`
	}
	if err := json.Unmarshal(header, &named); err != nil || named.Kid == "" {
		t.Fatalf("%v in %s", err, header)
	}
	enc := func(text string) string { return b64.EncodeToString([]byte(text)) }
	admin := strings.Replace(string(claims), `"roles":["admin"]`, `"roles":["admin","root"]`, 1)
	_, mine, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(header, claims string) string {
		text := enc(header) + "." + enc(claims)
		return text + "." + b64.EncodeToString(ed25519.Sign(mine, []byte(text)))
	}
	mac := func(key []byte) string {
		text := enc(`{"alg":"HS256","kid":"`+named.Kid+`","typ":"at+jwt"}`) + "." + c
		sum := hmac.New(sha256.New, key)
		sum.Write([]byte(text))
		return text + "." + b64.EncodeToString(sum.Sum(nil))
	}
	with := func(more string) string { return strings.TrimSuffix(string(header), "}") + more + "}" }
	all := map[string]string{
		"other claims": h + "." + enc(admin) + "." + s, "no claims": h + "." + enc("{}") + "." + s, "no signature": h + "." + c + ".", "two parts": h + "." + c,
		"the claims alone": c, "dots": "..", "four parts": token + "." + s, "padding": token + "=", "a space": token + " x", "twice": token + "," + token,
		"the JSON form": `{"payload":"` + c + `","protected":"` + h + `","signature":"` + s + `"}`, "a signature of zeros": h + "." + c + "." + b64.EncodeToString(make([]byte, 64)),
		"my key": sign(string(header), string(claims)), "my key in the jwk": sign(with(`,"jwk":{"kty":"OKP","crv":"Ed25519","x":"`+b64.EncodeToString(mine.Public().(ed25519.PublicKey))+`"}`), admin),
		"a URL of keys": sign(with(`,"jku":"https://evil.example/jwks.json"`), admin), "another kid": sign(strings.Replace(string(header), named.Kid, "x", 1), admin),
		"no kid": sign(`{"alg":"EdDSA","typ":"at+jwt"}`, admin), "a path as kid": sign(strings.Replace(string(header), named.Kid, "../../dev/null", 1), admin),
		"HS256 with the public key": mac(public), "HS256 with its kid": mac([]byte(named.Kid)), "HS256 with nothing": mac(nil),
		"another root key": madeBy[auth.Access](t, other(t), "urn:tenon:store", "store"), "another kind": madeBy[unlock](t, root(t), "urn:tenon:store", "store"),
		"another issuer": madeBy[auth.Access](t, root(t), "urn:tenon:shop", "store"), "another audience": madeBy[auth.Access](t, root(t), "urn:tenon:store", "shop"),
		"a refresh token": refresh,
	}
	for _, alg := range []string{"none", "None", "NONE", "", "HS256", "RS256", "ES256", "PS256", "eddsa"} {
		head := enc(`{"alg":"` + alg + `","kid":"` + named.Kid + `","typ":"at+jwt"}`)
		all["the algorithm "+alg], all["the algorithm "+alg+" and no signature"] = head+"."+c+"."+s, head+"."+c+"."
	}
	for i := 0; i < len(token)-1; i += max(1, len(token)/40) { // one letter is another
		letter := byte('A')
		if token[i] == 'A' {
			letter = 'B'
		}
		all[fmt.Sprintf("another letter at %d", i)] = token[:i] + string(letter) + token[i+1:]
	}
	return all
}

func other(t *testing.T) auth.Root {
	t.Helper()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// TestSD062ForgedTokensAtEveryGuardedOperation shows each forged token to each operation of the service that is not for everybody, and the right one
// before and after.
func TestSD062ForgedTokensAtEveryGuardedOperation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		app, err := store.New(store.Config{DB: db, Root: root(t), Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		s := tenontest.New(t, app)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		run(t, db, data.SQL(`UPDATE users SET role = 'admin'`))
		var tokens struct {
			Access  string `json:"access_token"`
			Refresh string `json:"refresh_token"`
		}
		if err := json.Unmarshal(s.Post("/api/v2/auth/login", credentials("ada@example.com", password)).Status(200).Body, &tokens); err != nil {
			t.Fatal(err)
		}
		var set struct {
			Keys []struct {
				X string `json:"x"`
			} `json:"keys"`
		}
		if err := json.Unmarshal(s.Get("/.well-known/jwks.json").Status(200).Body, &set); err != nil || len(set.Keys) == 0 {
			t.Fatalf("the public keys: %v", err)
		}
		public, err := b64.DecodeString(set.Keys[0].X)
		if err != nil {
			t.Fatal(err)
		}
		all := forged(t, tokens.Access, tokens.Refresh, public)
		if len(all) < 60 {
			t.Errorf("%d forged tokens, want 60 or more", len(all))
		}
		s.With("Authorization", "Bearer "+tokens.Access).Get("/api/v2/users/me").Status(200)
		operations, shown := 0, 0
		for _, row := range auth.Matrix(app).Rows {
			if row.Verdicts[0] != auth.Anonymous { // the first column is nobody
				continue
			}
			operations++
			method, path, _ := strings.Cut(row.Operation, " ")
			for name, token := range all {
				r := httptest.NewRequest(method, strings.ReplaceAll(path, "{id}", "1"), nil)
				r.Header.Set("Authorization", "Bearer "+token)
				w := httptest.NewRecorder()
				app.ServeHTTP(w, r)
				shown++
				if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer ") {
					t.Errorf("%s: %s answers %d: %s", name, row.Operation, w.Code, w.Body)
				}
			}
		}
		if operations < 40 {
			t.Errorf("%d operations are guarded, want 40 or more", operations)
		}
		s.With("Authorization", "Bearer "+tokens.Access).Get("/api/v2/users/me").Status(200)
		t.Logf("%d forged tokens at %d operations: %d requests", len(all), operations, shown)
	})
}
