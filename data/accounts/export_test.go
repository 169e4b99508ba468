package accounts

import "github.com/tenon-go/tenon"

// Opaque reads a refresh token and writes it again.
func Opaque(text string) (again string, ok bool) {
	token, err := parseRefresh(tenon.NewSecret(text))
	if err != nil {
		return "", false
	}
	return token.String(), true
}
