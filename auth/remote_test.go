package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon/auth"
)

// issuerOf is another issuer: what it answers when it is asked for its keys.
type issuerOf struct {
	asked  atomic.Int64
	mu     sync.Mutex
	answer func(*http.Request) (*http.Response, error)
}

func (i *issuerOf) RoundTrip(r *http.Request) (*http.Response, error) {
	i.asked.Add(1)
	i.mu.Lock()
	answer := i.answer
	i.mu.Unlock()
	return answer(r)
}

func (i *issuerOf) set(answer func(*http.Request) (*http.Response, error)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answer = answer
}

func says(status int, body string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

// jwkOf is a key as an issuer shows it.
func jwkOf(kid string, key any) string {
	switch key := key.(type) {
	case ed25519.PrivateKey:
		return fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","kid":%q,"use":"sig","alg":"EdDSA","x":%q}`, kid, b64.EncodeToString(key.Public().(ed25519.PublicKey)))
	case *ecdsa.PrivateKey:
		point, _ := key.PublicKey.Bytes()
		return fmt.Sprintf(`{"kty":"EC","crv":"P-256","kid":%q,"x":%q,"y":%q}`, kid, b64.EncodeToString(point[1:33]), b64.EncodeToString(point[33:]))
	case *rsa.PrivateKey:
		return fmt.Sprintf(`{"kty":"RSA","kid":%q,"alg":"RS256","key_ops":["verify"],"n":%q,"e":"AQAB","x5t":"x"}`, kid, b64.EncodeToString(key.N.Bytes()))
	}
	panic("no key")
}

func setOf(keys ...string) string { return `{"keys":[` + strings.Join(keys, ",") + `]}` }

// foreign makes a token of another issuer, and who verifies it by what the issuer shows.
type foreign struct {
	private ed25519.PrivateKey
	issuer  *issuerOf
	tokens  *auth.Tokens[auth.Access]
}

func newForeign(t *testing.T) *foreign {
	t.Helper()
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	f := &foreign{private: private, issuer: &issuerOf{}}
	keys, err := auth.RemoteKeys[auth.Access](auth.RemoteConfig{URL: "https://issuer.example/jwks.json", Transport: f.issuer})
	if err != nil {
		t.Fatal(err)
	}
	f.tokens = newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys, c.Cache = keys, -1 })
	return f
}

// token is one of the issuer, of the key with this id.
func (f *foreign) token(kid string) string {
	now := time.Now().Unix()
	text := b64.EncodeToString(fmt.Appendf(nil, `{"alg":"EdDSA","kid":%q,"typ":"at+jwt","x5t":"x"}`, kid)) + "." + b64.EncodeToString(fmt.Appendf(nil,
		`{"iss":%q,"aud":[%q,"other"],"sub":"1","jti":"x","iat":%d,"exp":%d,"nonce":"x"}`, issuer, audience, now, now+36000))
	return text + "." + b64.EncodeToString(ed25519.Sign(f.private, []byte(text)))
}

func (f *foreign) verify(kid string) error {
	_, err := f.tokens.Verify(context.Background(), f.token(kid), false)
	return err
}

// TestJO02RemoteKeys follows an issuer through its days: how often it is asked, and what counts when it does not answer.
func TestJO02RemoteKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newForeign(t)
		away := errors.New("no route to host")
		f.issuer.set(says(200, setOf(jwkOf("a", f.private))))
		step := func(name string, wait time.Duration, kid string, want error, asked int64) {
			t.Helper()
			<-time.After(wait)
			before := f.issuer.asked.Load()
			err := f.verify(kid)
			if !errors.Is(err, want) || (err == nil) != (want == nil) {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
			if got := f.issuer.asked.Load() - before; got != asked {
				t.Errorf("%s: asked %d times, want %d", name, got, asked)
			}
		}
		step("the first token", 0, "a", nil, 1)
		step("another", time.Second, "a", nil, 0)
		step("an unknown key, too soon", time.Second, "b", auth.ErrUnknownKey, 0)
		step("an unknown key", time.Minute, "b", auth.ErrUnknownKey, 1)
		step("again, too soon", time.Second, "c", auth.ErrUnknownKey, 0)
		f.issuer.set(says(200, setOf(jwkOf("b", f.private), jwkOf("a", f.private))))
		step("a new key", time.Minute, "b", nil, 1)
		step("the old one", time.Second, "a", nil, 0)
		f.issuer.set(says(200, setOf(jwkOf("b", f.private))))
		step("the old one, when all are old", 16*time.Minute, "a", auth.ErrUnknownKey, 1)
		f.issuer.set(func(*http.Request) (*http.Response, error) { return nil, away })
		step("nobody answers", 16*time.Minute, "b", nil, 1)
		step("nor again, and it is too soon", time.Second, "b", nil, 0)
		step("for long", time.Hour+time.Minute, "b", away, 1)
		f.issuer.set(says(200, setOf(jwkOf("b", f.private))))
		step("at last", time.Minute, "b", nil, 1)
	})
}

func TestAnIssuerThatHangsHoldsUpNobodyWhoseKeyIsKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newForeign(t)
		f.issuer.set(says(200, setOf(jwkOf("a", f.private))))
		if err := f.verify("a"); err != nil {
			t.Fatal(err)
		}
		<-time.After(16 * time.Minute)
		f.issuer.set(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		var asks sync.WaitGroup
		asks.Go(func() { _ = f.verify("a") })
		synctest.Wait()
		before := time.Now()
		if err := f.verify("a"); err != nil || time.Since(before) != 0 {
			t.Errorf("%v after %v", err, time.Since(before))
		}
		asks.Wait()
	})
}

func TestManyUnknownKeysAskOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newForeign(t)
		f.issuer.set(func(r *http.Request) (*http.Response, error) {
			<-time.After(time.Second)
			return says(200, setOf(jwkOf("a", f.private)))(r)
		})
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() { _ = f.verify(fmt.Sprintf("x%d", i)) })
		}
		wg.Go(func() {
			if err := f.verify("a"); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if n := f.issuer.asked.Load(); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// TestSetsOfKeys reads what issuers show, and what one who is in their place would.
func TestSetsOfKeys(t *testing.T) {
	t.Parallel()
	f := newForeign(t)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, _ := rsa.GenerateKey(rand.Reader, 2048)
	a := jwkOf("a", f.private)
	x := b64.EncodeToString(f.private.Public().(ed25519.PublicKey))
	for _, tt := range []struct {
		name, set string
		status    int
		fault     string // "": the key a verifies
	}{
		{"one key", setOf(a), 200, ""},
		{"keys of all kinds", setOf(jwkOf("b", ec), jwkOf("c", rs), a), 200, ""},
		{"members that nobody knows", `{"keys":[` + a + `],"x":1}`, 200, ""},
		{"keys for something else", setOf(`{"kty":"RSA","use":"enc","kid":"e"}`, `{"kty":"EC","crv":"P-384","kid":"p"}`, `{"kty":"XYZ"}`, a), 200, ""},
		{"a key of another algorithm", setOf(strings.Replace(jwkOf("b", rs), "RS256", "PS512", 1), a), 200, ""},
		{"the algorithm as RFC 9864 calls it", setOf(strings.Replace(a, "EdDSA", "Ed25519", 1)), 200, ""},
		{"an error", setOf(a), 500, "the issuer answers 500"},
		{"a redirect", "", 302, "the issuer answers 302"},
		{"no JSON", "<html>", 200, "it is no JWK set"},
		{"nothing", "", 200, "it is no JWK set"},
		{"no keys", setOf(), 200, "no key that verifies"},
		{"no member keys", `{}`, 200, "no key that verifies"},
		{"two members keys", `{"keys":[],"keys":[` + a + `]}`, 200, "it is no JWK set"},
		{"a set without end", setOf(a) + strings.Repeat(" ", 300<<10), 200, "more than 262144 bytes"},
		{"too many keys", setOf(strings.Split(strings.Repeat(`{"kty":"XYZ"} `, 100), " ")[:100]...) + "", 200, "no key that verifies"},
		{"more keys than that", setOf(append(strings.Fields(strings.Repeat(`{"kty":"XYZ"} `, 100)), a)...), 200, "it has 101 keys"},
		{"two keys of one id", setOf(a, a), 200, "two keys have its kid"},
		{"a key without an id", setOf(jwkOf("", f.private)), 200, "its kid is empty"},
		{"a secret", setOf(`{"kty":"oct","kid":"a","k":"AAAA"}`), 200, "it is no public key"},
		{"a private key", setOf(strings.Replace(a, "{", `{"d":"AAAA",`, 1)), 200, "it is no public key"},
		{"a key that is cut", setOf(strings.Replace(a, x, x[:42], 1)), 200, "its member x is wrong"},
		{"a key with padding", setOf(strings.Replace(a, x, x+"=", 1)), 200, "its member x is wrong"},
		{"a point that is none", setOf(strings.Replace(jwkOf("b", ec), `"y":"`, `"y":"AAAA`, 1), a), 200, "its member y is wrong"},
		{"a point off the curve", setOf(`{"kty":"EC","crv":"P-256","kid":"a","x":"` + b64.EncodeToString(make([]byte, 32)) + `","y":"` + b64.EncodeToString(make([]byte, 32)) + `"}`), 200, "it is no point"},
		{"a small key", setOf(`{"kty":"RSA","kid":"a","n":"` + b64.EncodeToString(rs.N.Bytes()[:128]) + `","e":"AQAB"}`), 200, "bits, want 2048"},
		{"the exponent 1", setOf(strings.Replace(jwkOf("a", rs), "AQAB", "AQ", 1)), 200, "wrong modulus or exponent"},
		{"an exponent without end", setOf(strings.Replace(jwkOf("a", rs), "AQAB", "AQABAQABAQAB", 1)), 200, "exponent is too large"},
		{"a modulus with zeros before it", setOf(strings.Replace(jwkOf("a", rs), `"n":"`, `"n":"AAAA`, 1)), 200, "its member n is wrong"},
		{"a point of small order", setOf(strings.Replace(a, x, b64.EncodeToString(append([]byte{1}, make([]byte, 31)...)), 1)), 200, "small order"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			own := newForeign(t)
			own.private = f.private
			own.issuer.set(says(tt.status, tt.set))
			err := own.verify("a")
			if tt.fault == "" && err != nil || tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)) {
				t.Errorf("%v, want %q", err, tt.fault)
			}
			for _, cause := range []error{auth.ErrUnknownKey, auth.ErrSignature} {
				if tt.fault != "" && errors.Is(err, cause) {
					t.Errorf("nobody can tell, and yet the token is refused: %v", err)
				}
			}
		})
	}
}

func TestConfigurationOfRemoteKeys(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"":                                   "URL is not one",
		"://":                                "URL is not one",
		"https://":                           "URL has no host",
		"http://issuer.example/jwks.json":    "URL is http, want https",
		"ftp://issuer.example/jwks.json":     "URL is ftp, want https",
		"https://u:p@issuer.example/jwks":    "a user",
		"http://127.0.0.1:9000/jwks.json":    "",
		"http://[::1]/jwks.json":             "",
		"http://localhost/jwks.json":         "",
		"http://localhost.evil.example/jwks": "URL is http, want https",
		"https://issuer.example/jwks.json":   "",
	} {
		_, err := auth.RemoteKeys[auth.Access](auth.RemoteConfig{URL: url})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
	}
	if _, err := auth.RemoteKeys[auth.Access](auth.RemoteConfig{URL: "https://x.example", Refresh: time.Minute, Pause: time.Hour}); err == nil ||
		!strings.Contains(err.Error(), "Pause is 1h0m0s, longer than Refresh") {
		t.Errorf("a Pause that is too long: %v", err)
	}
	keys, err := auth.RemoteKeys[auth.Access](auth.RemoteConfig{URL: "https://x.example"})
	if err != nil || auth.JWKS(keys) != nil {
		t.Errorf("keys of another issuer are shown: %v", err)
	}
	_, err = auth.RemoteKeys[auth.Access](auth.RemoteConfig{URL: "https://x.example", Refresh: time.Second, Pause: time.Millisecond, Timeout: time.Hour, Stale: 1000 * time.Hour})
	for _, want := range []string{"Refresh is 1s", "Pause is 1ms", "Timeout is 1h0m0s", "Stale is 1000h0m0s"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}

func TestAnIssuerThatSendsElsewhereIsNotFollowed(t *testing.T) {
	t.Parallel()
	f := newForeign(t)
	f.issuer.set(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"http://169.254.169.254/"}}, Body: http.NoBody}, nil
	})
	if err := f.verify("a"); err == nil || f.issuer.asked.Load() != 1 {
		t.Errorf("%v, asked %d times", err, f.issuer.asked.Load())
	}
}
