package settings

import (
	"net/url"
	"strings"
)

// shown is the value of a setting as anybody may read it: a secret is "[secret]", and a URL has no password.
func (f *Field) shown(texts []string) string {
	if f.Secret && texts != nil {
		return "[secret]"
	}
	shown := make([]string, len(texts))
	for i, text := range texts {
		shown[i] = text
		if u, err := url.Parse(text); err == nil && u.User != nil {
			shown[i] = u.Redacted()
		}
	}
	return strings.Join(shown, ",")
}
