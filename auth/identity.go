package auth

import (
	"encoding/binary"
	"encoding/json/jsontext"
	"maps"
	"slices"
	"time"
)

// AppendBinary appends all that the credential says of the caller: the same bytes for two callers whom nothing tells apart, and for no others. It
// names them in the process, such as in the key of what is kept for them alone; it is no form to keep or to send.
func (p *Principal) AppendBinary(b []byte) ([]byte, error) {
	i := p.identity()
	for _, text := range [...]string{i.Subject, i.Kind, i.Tenant, i.Session, i.Credential} {
		b = appendText(b, text)
	}
	for _, list := range [...][]string{i.Roles, i.Scopes} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, text := range list {
			b = appendText(b, text)
		}
	}
	for _, at := range [...]time.Time{i.AuthenticatedAt, i.IssuedAt, i.Expires} {
		b = binary.AppendVarint(b, at.Unix())
		b = binary.AppendVarint(b, int64(at.Nanosecond()))
	}
	b = binary.AppendUvarint(b, uint64(len(i.Claims)))
	for _, name := range slices.Sorted(maps.Keys(i.Claims)) {
		text, _ := i.Claims[name].(jsontext.Value) // NewPrincipal has made it one
		b = appendText(appendText(b, name), string(text))
	}
	return b, nil
}

// appendText appends a text behind its length, so that no two texts run into each other.
func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}
