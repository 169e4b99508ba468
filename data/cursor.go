package data

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
)

// cursors seals the places of lists. What is sealed cannot be read or changed by a client, and opens only for the query that it was made for.
type cursors struct {
	aead   cipher.AEAD
	nonce  []byte        // the key that nonces are made with
	before []cipher.AEAD // those that still open
}

// place is where a part of a list ends.
type place struct {
	Backward bool             `json:"b,omitzero"` // the rows before it are wanted
	Values   []jsontext.Value `json:"v"`          // of the columns of the order; none: it is the beginning of the list, or backwards its end
}

// newCursors derives its keys from secret, or from a random one, and from those before it.
func newCursors(secret []byte, before [][]byte) (*cursors, error) {
	if len(secret) == 0 {
		secret = make([]byte, 32)
		_, _ = rand.Read(secret) // it never fails
	}
	c := &cursors{}
	var err error
	if c.aead, c.nonce, err = cursorKeys(secret); err != nil {
		return nil, err
	}
	for _, one := range before {
		aead, _, err := cursorKeys(one)
		if err != nil {
			return nil, err
		}
		c.before = append(c.before, aead)
	}
	return c, nil
}

// cursorKeys are those of one secret.
func cursorKeys(secret []byte) (aead cipher.AEAD, nonce []byte, err error) {
	keys, err := hkdf.Key(sha256.New, secret, nil, "tenon data cursor", 64)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(keys[:32])
	if err != nil {
		return nil, nil, err
	}
	aead, err = cipher.NewGCM(block)
	return aead, keys[32:], err
}

// seal makes the cursor of a place. The same place has the same cursor, so that an answer has the same ETag: the nonce is made of what is sealed, and
// two texts never share one.
func (c *cursors) seal(p place, query []byte) (string, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("data: cursor: %w", err)
	}
	mac := hmac.New(sha256.New, c.nonce)
	fmt.Fprintf(mac, "%d:", len(query))
	mac.Write(query)
	mac.Write(text)
	nonce := mac.Sum(nil)[:c.aead.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal(nonce, nonce, text, query)), nil
}

var errCursor = errors.New("not a cursor of this list")

func (c *cursors) open(cursor string, query []byte) (place, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(sealed) < c.aead.NonceSize() {
		return place{}, errCursor
	}
	n := c.aead.NonceSize()
	text, err := c.aead.Open(nil, sealed[:n], sealed[n:], query)
	for i := 0; err != nil && i < len(c.before); i++ {
		text, err = c.before[i].Open(nil, sealed[:n], sealed[n:], query)
	}
	if err != nil {
		return place{}, errCursor
	}
	var p place
	if err := json.Unmarshal(text, &p); err != nil {
		return place{}, errCursor
	}
	return p, nil
}
