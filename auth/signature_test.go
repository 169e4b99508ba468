package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/auth"
)

// TestJO01SignaturesThatAreWrong changes each byte of a signature of each algorithm, cuts it at each length, and tries the values for which
// verifiers were once wrong.
func TestJO01SignaturesThatAreWrong(t *testing.T) {
	t.Parallel()
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, _ := rsa.GenerateKey(rand.Reader, 2048)
	hs, err := auth.NewHMAC(newRoot(t).Derive("x", 32))
	if err != nil {
		t.Fatal(err)
	}
	order := elliptic.P256().Params().N
	tried := 0
	for _, of := range []any{ed, ec, rs, hs} {
		key, ok := of.(auth.Key)
		if !ok {
			if key, err = auth.NewKey(of); err != nil {
				t.Fatal(err)
			}
		}
		keys, err := auth.NewKeys[auth.Access](key)
		if err != nil {
			t.Fatal(err)
		}
		tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys = keys })
		token := issue(t, tokens, auth.Identity{Subject: "1"})
		signed, encoded := token[:strings.LastIndexByte(token, '.')+1], token[strings.LastIndexByte(token, '.')+1:]
		right := mustDecode(encoded)
		var wrong [][]byte
		for i := range right {
			for _, bit := range []byte{1, 0x80} {
				changed := slices.Clone(right)
				changed[i] ^= bit
				wrong = append(wrong, changed)
			}
			wrong = append(wrong, right[:i], append(slices.Clone(right), make([]byte, i+1)...), append(make([]byte, i+1), right...))
		}
		wrong = append(wrong, make([]byte, len(right)), slices.Concat(right, right), slices.Concat(right[len(right)/2:], right[:len(right)/2]))
		if key.Algorithm() == auth.ES256 {
			edges := []*big.Int{big.NewInt(0), big.NewInt(1), order, new(big.Int).Sub(order, big.NewInt(1)), new(big.Int).Add(order, big.NewInt(1)), elliptic.P256().Params().P}
			for _, r := range edges {
				for _, s := range edges {
					wrong = append(wrong, slices.Concat(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))))
				}
			}
			der := append([]byte{0x30, 68, 2, 32}, right[:32]...)
			wrong = append(wrong, append(append(der, 2, 32), right[32:]...))
		}
		for _, signature := range wrong {
			tried++
			_, err := tokens.Verify(context.Background(), signed+b64.EncodeToString(signature), false)
			if !errors.Is(err, auth.ErrSignature) && !errors.Is(err, auth.ErrMalformed) {
				t.Errorf("%s: %x is taken: %v", key.Algorithm(), signature, err)
			}
		}
		if _, err := tokens.Verify(context.Background(), token, false); err != nil {
			t.Errorf("%s: the right one is refused: %v", key.Algorithm(), err)
		}
	}
	t.Logf("%d signatures", tried)
}
