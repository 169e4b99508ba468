package accounts_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data/accounts"
)

// FuzzToken: a token that is read has one spelling.
func FuzzToken(f *testing.F) {
	const good = "tenon_refresh_HxJIIyiRUjkCChJTp8PDOXFwvV7MGjvW0IqI2nIkN5jTach_cESl0L8PdzJXG_lnFxm35g"
	if _, ok := accounts.Opaque(good); !ok {
		f.Fatal("the seed is no token")
	}
	for _, text := range append(mutations(good), good, strings.Repeat("tenon_refresh_", 9)) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if again, ok := accounts.Opaque(text); ok && again != text {
			t.Errorf("%q is read as %q", text, again)
		}
	})
}
