package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/tenontest"
)

// TestJO04KeysAreOfTheirKind makes keys of what is right, and of what an attacker or a tired person would give.
func TestJO04KeysAreOfTheirKind(t *testing.T) {
	t.Parallel()
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	rs, _ := rsa.GenerateKey(rand.Reader, 2048)
	small := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 1023, 1), E: 65537}
	for _, tt := range []struct {
		name string
		key  any
		want string
	}{
		{"an RSA key of 1024 bits", small, "the RSA key has 1024 bits"},
		{"an RSA key without end", &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 9000, 1), E: 65537}, "the RSA key has 9001 bits"},
		{"the exponent 1", &rsa.PublicKey{N: rs.N, E: 1}, "a wrong modulus or exponent"},
		{"an even exponent", &rsa.PublicKey{N: rs.N, E: 4}, "a wrong modulus or exponent"},
		{"an even modulus", &rsa.PublicKey{N: new(big.Int).Add(rs.N, big.NewInt(1)), E: 3}, "a wrong modulus or exponent"},
		{"P-384", p384, "not on P-256"},
		{"an Ed25519 key that is cut", ed[:63], "has 64 bytes"},
		{"an Ed25519 public key that is cut", ed25519.PublicKey(ed[:31]), "has 32 bytes"},
		{"the neutral point", ed25519.PublicKey(append([]byte{1}, make([]byte, 31)...)), "small order"},
		{"a point of order 8", ed25519.PublicKey(unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85")), "small order"},
		{"bytes", []byte("secret"), "is no key of Ed25519"},
		{"a text", "secret", "is no key of Ed25519"},
		{"nothing", nil, "is no key of Ed25519"},
	} {
		if _, err := auth.NewKey(tt.key); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	der, _ := x509.MarshalPKIXPublicKey(ed.Public())
	rsDER, _ := x509.MarshalPKIXPublicKey(&rs.PublicKey)
	for name, secret := range map[string][]byte{
		"a public key in DER": der, "RSA in DER": rsDER, "PKCS #1": x509.MarshalPKCS1PublicKey(&rs.PublicKey),
		"in PEM":     pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: rsDER}),
		"of OpenSSH": []byte("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ"), "31 bytes": newRoot(t).Derive("x", 31), "a sentence": []byte("my secret key that is long enough for everybody"),
		"nothing": nil,
	} {
		if _, err := auth.NewHMAC(secret); err == nil {
			t.Errorf("%s is taken as a secret", name)
		}
	}
	known := []byte("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7")
	if _, err := auth.NewHMAC(known); err == nil {
		t.Error("the text of a known key is taken as a secret")
	}
	if _, err := auth.NewHMAC(fmt.Appendf(nil, "%x", newRoot(t).Derive("x", 32))); err != nil {
		t.Errorf("the text of a random key: %v", err)
	}
	for name, text := range map[string]string{
		"nothing": "", "no PEM": "x", "two blocks": string(privatePEM(ed)) + string(privatePEM(ed)), "a certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"a broken key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "P-384": string(privatePEM(p384)),
	} {
		if _, err := auth.ParseKey([]byte(text)); err == nil {
			t.Errorf("%s is taken as a key", name)
		}
	}
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	for _, key := range []any{ed, ec, rs} {
		private, err := auth.ParseKey(privatePEM(key))
		if err != nil || !private.Signs() {
			t.Errorf("%T: %v", key, err)
		}
		public, err := auth.ParseKey(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicDER(key)}))
		if err != nil || public.Signs() || public.ID() != private.ID() {
			t.Errorf("%T: %v", key, err)
		}
	}
}

func unhex(text string) []byte {
	var b []byte
	_, err := fmt.Sscanf(text, "%x", &b)
	if err != nil {
		panic(err)
	}
	return b
}

func privatePEM(key any) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func publicDER(key any) []byte {
	der, err := x509.MarshalPKIXPublicKey(key.(crypto.Signer).Public())
	if err != nil {
		panic(err)
	}
	return der
}

// TestTheThumbprintIsThatOfRFC7638 uses the example of section 3.1.
func TestTheThumbprintIsThatOfRFC7638(t *testing.T) {
	t.Parallel()
	n := mustDecode("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArw" +
		"l93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw")
	key, err := auth.NewKey(&rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537})
	if err != nil || key.ID() != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" {
		t.Errorf("%s, %v", key.ID(), err)
	}
}

// TestRFC8037 verifies the example of appendix A.4 by its public key (A.2).
func TestRFC8037(t *testing.T) {
	t.Parallel()
	key, err := auth.NewKey(ed25519.PublicKey(mustDecode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")))
	if err != nil || key.ID() != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" { // A.3
		t.Errorf("%s, %v", key.ID(), err)
	}
}

// TestJO02TheDocumentOfKeys shows the public halves, and nothing of secrets.
func TestJO02TheDocumentOfKeys(t *testing.T) {
	t.Parallel()
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, _ := rsa.GenerateKey(rand.Reader, 2048)
	secret := newRoot(t).Derive("x", 32)
	hs, err := auth.NewHMAC(secret)
	if err != nil {
		t.Fatal(err)
	}
	all := []auth.Key{hs}
	for _, key := range []any{ed, ec, rs} {
		k, err := auth.NewKey(key)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, k)
	}
	keys, err := auth.NewKeys[auth.Access](all[0], all[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	app := tenon.New(tenon.Config{})
	app.Get("/.well-known/jwks.json", auth.JWKS(keys), auth.Public("others verify our tokens"))
	got := tenontest.New(t, app).Get("/.well-known/jwks.json").Status(200)
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	if err := json.Unmarshal(got.Body, &set); err != nil || len(set.Keys) != 3 {
		t.Fatalf("%v: %s", err, got.Body)
	}
	for i, key := range set.Keys {
		if key["kid"] != all[i+1].ID() || key["alg"] != string(all[i+1].Algorithm()) || key["use"] != "sig" || key["d"] != "" || key["k"] != "" {
			t.Errorf("%v", key)
		}
	}
	if got.Headers.Get("Cache-Control") != "public, max-age=300" {
		t.Error(got.Headers)
	}
}

func TestKeysTwice(t *testing.T) {
	t.Parallel()
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	key, _ := auth.NewKey(ed)
	if _, err := auth.NewKeys[auth.Access](key, key); err == nil {
		t.Error("a key twice")
	}
	if _, err := auth.NewKeys[auth.Access](auth.Key{}); err == nil {
		t.Error("a zero key")
	}
	if _, err := auth.DeriveKeys[auth.Access](auth.Root{}); err == nil {
		t.Error("a zero root")
	}
	public, _ := auth.NewKey(ed.Public())
	keys, err := auth.NewKeys[auth.Access](public)
	if err != nil {
		t.Fatal(err)
	}
	tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys = keys })
	if _, _, err := tokens.Issue(auth.Identity{Subject: "1"}); err == nil {
		t.Error("a public key signs")
	}
	signing, _ := auth.NewKeys[auth.Access](key)
	token := issue(t, newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys = signing }), auth.Identity{Subject: "1"})
	if _, err := tokens.Verify(context.Background(), token, false); err != nil {
		t.Error(err)
	}
}
