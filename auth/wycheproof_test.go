package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/auth"
)

// vectors is a file of Wycheproof: see the README beside it.
type vectors struct {
	NumberOfTests int `json:"numberOfTests"`
	TestGroups    []struct {
		Comment string          `json:"comment"`
		Public  json.RawMessage `json:"public"`
		Private json.RawMessage `json:"private"`
		Tests   []vector        `json:"tests"`
	} `json:"testGroups"`
}

type vector struct {
	ID      int      `json:"tcId"`
	Comment string   `json:"comment"`
	JWS     string   `json:"jws"`
	Result  string   `json:"result"`
	Flags   []string `json:"flags"`
}

// vectorKey is a key of them.
type vectorKey struct {
	Kty string `json:"kty"`
	Alg string `json:"alg"`
	Use string `json:"use"`
	Kid string `json:"kid"`
	K   string `json:"k"`
	N   string `json:"n"`
	E   string `json:"e"`
}

// sums are the SHA-256 of the files, which are here as they are there.
var sums = map[string]string{
	"json_web_signature_test.json": "8e687a06fe8359f4ec51480f1a9f73c8faebd6f4c01b818b843b44eee54fd5d9",
	"json_web_key_test.json":       "be983255bce26406f97020ec5458b33930a90d5f868e604fcd569c300aba2862",
}

// ours are the algorithms that a key of ours can have.
var ours = map[string]bool{"HS256": true, "RS256": true, "ES256": true}

func readVectors(t *testing.T, name string) vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/wycheproof/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != sums[name] {
		t.Fatalf("%s is not the file of Wycheproof: %x", name, sum)
	}
	var all vectors
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range all.TestGroups {
		n += len(g.Tests)
	}
	if n != all.NumberOfTests || n == 0 {
		t.Fatalf("%d vectors, the file says %d", n, all.NumberOfTests)
	}
	return all
}

// verifier verifies tokens with keys, whatever their typ is: the vectors have none.
func verifier(t *testing.T, keys auth.Keys[auth.Access]) *auth.Tokens[auth.Access] {
	t.Helper()
	return newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys, c.InsecureUntyped = keys, true })
}

// shown are keys as an issuer shows them.
func shown(t *testing.T, set string) auth.Keys[auth.Access] {
	t.Helper()
	keys, err := auth.RemoteKeys[auth.Access](auth.RemoteConfig{URL: "https://issuer.example/jwks.json", Transport: &issuerOf{answer: says(http.StatusOK, set)}})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// octets are the symmetric keys of a set, as a program makes them of a secret that it has: by NewHMAC, or without its checks so that what reads tokens is
// tried with keys that NewHMAC refuses.
func octets(t *testing.T, set []byte, checked bool) (auth.Keys[auth.Access], error) {
	t.Helper()
	var s struct {
		Keys []vectorKey `json:"keys"`
	}
	if err := json.Unmarshal(set, &s); err != nil {
		t.Fatal(err)
	}
	var all []auth.Key
	for _, j := range s.Keys {
		if j.Kty != "oct" || j.Alg != "HS256" || j.Use != "sig" {
			return auth.Keys[auth.Access]{}, errors.New("it is no key of HS256")
		}
		k := auth.NamedHMAC(j.Kid, mustDecode(j.K))
		if checked {
			if _, err := auth.NewHMAC(mustDecode(j.K)); err != nil {
				return auth.Keys[auth.Access]{}, err
			}
		}
		all = append(all, k)
	}
	return auth.NewKeys[auth.Access](all[0], all[1:]...)
}

// TestJO06WycheproofSignatures shows all vectors of signatures to verifiers with their keys: public ones as another issuer shows them, secrets as a program has
// them. No vector that is invalid is taken. Each that is valid and of an algorithm of ours is signed with the key; as its payload is no claims, the token is
// refused all the same. Those of other algorithms are refused whatever they are.
func TestJO06WycheproofSignatures(t *testing.T) {
	t.Parallel()
	// The set says that the same text is valid (357) and not (367, 370), and that two texts with "?" in them are valid. No text with "?" is base64url.
	asValid, asInvalid := map[int]bool{367: true, 370: true}, map[int]bool{372: true, 373: true}
	invalid, valid, foreign := 0, 0, 0
	for _, g := range readVectors(t, "json_web_signature_test.json").TestGroups {
		var tokens *auth.Tokens[auth.Access]
		key := g.Public
		if key != nil {
			tokens = verifier(t, shown(t, `{"keys":[`+string(key)+`]}`))
		} else {
			key = g.Private
			keys, err := octets(t, []byte(`{"keys":[`+string(key)+`]}`), false)
			if err != nil {
				t.Fatal(err)
			}
			tokens = verifier(t, keys)
		}
		var k vectorKey
		if err := json.Unmarshal(key, &k); err != nil {
			t.Fatal(err)
		}
		for _, v := range g.Tests {
			signed := auth.Authentic(tokens, v.JWS)
			_, err := tokens.Verify(context.Background(), v.JWS, false)
			if err == nil {
				t.Errorf("%d %s: it counts as a token", v.ID, v.Comment)
				continue
			}
			isValid := (v.Result == "valid" || asValid[v.ID]) && !asInvalid[v.ID]
			if k.Alg != "" && !ours[k.Alg] {
				if isValid {
					foreign++
				} else {
					invalid++
				}
				if signed == nil {
					t.Errorf("%d %s: a key of %s counts", v.ID, v.Comment, k.Alg)
				}
				continue
			}
			if isValid {
				valid++
				if signed != nil || !errors.Is(err, auth.ErrMalformed) || !strings.Contains(err.Error(), "is not the JSON") {
					t.Errorf("%d %s: %v, then %v; want it signed, and its payload refused", v.ID, v.Comment, signed, err)
				}
				continue
			}
			invalid++
			if signed == nil && (!errors.Is(err, auth.ErrMalformed) || !strings.Contains(err.Error(), "base64url")) {
				t.Errorf("%d %s: signed, and then %v; want its signature refused, or its payload for how it is written", v.ID, v.Comment, err)
			}
		}
	}
	if valid != 20 || foreign != 26 || invalid != 355 {
		t.Errorf("%d valid, %d of other algorithms, %d invalid", valid, foreign, invalid)
	}
}

// TestJO06WycheproofAlgorithms shows the vectors of other algorithms of RSA to a verifier that has the same key for RS256: the algorithm belongs to the key, so
// a token that names another is refused, though its signature is right. The one vector that names RS256 is signed with that key indeed.
func TestJO06WycheproofAlgorithms(t *testing.T) {
	t.Parallel()
	n := 0
	for _, g := range readVectors(t, "json_web_signature_test.json").TestGroups {
		var k map[string]any
		if g.Public == nil {
			continue
		}
		if err := json.Unmarshal(g.Public, &k); err != nil {
			t.Fatal(err)
		}
		if alg, _ := k["alg"].(string); k["kty"] != "RSA" || alg == "" || alg == "RS256" {
			continue
		}
		k["alg"] = "RS256"
		set, err := json.Marshal(map[string]any{"keys": []any{k}})
		if err != nil {
			t.Fatal(err)
		}
		tokens := verifier(t, shown(t, string(set)))
		for _, v := range g.Tests {
			n++
			err := auth.Authentic(tokens, v.JWS)
			if named := v.ID == 332; (err == nil) != named {
				t.Errorf("%d %s: %v with the key as one of RS256", v.ID, v.Comment, err)
			}
		}
	}
	if n != 83 {
		t.Errorf("%d vectors", n)
	}
}

// TestJO06WycheproofKeys makes verifiers of the vectors of keys: as another issuer shows them, and those that are secrets as a program has them too.
// Those that are wrong make no verifier, or one that takes no token of theirs.
func TestJO06WycheproofKeys(t *testing.T) {
	t.Parallel()
	// A count from 0 is a key that anybody guesses, whatever the set says; it is 13.
	guessed, invalid, valid, others := 13, 0, 0, 0
	// Keys of HS384 and of HS512: the set calls them valid, and no key of ours is of these.
	foreign := map[int]bool{14: true, 15: true}
	for _, g := range readVectors(t, "json_web_key_test.json").TestGroups {
		set, secret := g.Public, g.Public == nil
		if secret {
			set = g.Private
		}
		remote := verifier(t, shown(t, string(set)))
		for _, v := range g.Tests {
			err := auth.Authentic(remote, v.JWS)
			if secret {
				if err == nil {
					t.Errorf("%d %s: secrets of a document count", v.ID, v.Comment)
				}
				var keys auth.Keys[auth.Access]
				if keys, err = octets(t, set, true); err == nil {
					err = auth.Authentic(verifier(t, keys), v.JWS)
				}
			}
			want := v.Result == "valid" && v.ID != guessed && !foreign[v.ID]
			switch {
			case want:
				valid++
			case v.Result == "valid":
				others++
			default:
				invalid++
			}
			if (err == nil) != want {
				t.Errorf("%d %s of %s: %v", v.ID, v.Comment, g.Comment, err)
			}
			t.Logf("%d %s: %v", v.ID, v.Comment, err)
		}
	}
	if valid != 2 || others != 3 || invalid != 21 {
		t.Errorf("%d valid, %d that we refuse though they are, %d invalid", valid, others, invalid)
	}
}
