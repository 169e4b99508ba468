package auth_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon/auth"
)

// TestSD061RootKeys reads keys that are right, and such as people write when they should draw one.
func TestSD061RootKeys(t *testing.T) {
	t.Parallel()
	random := bytes.Clone(newRoot(t).Derive("test", 48))
	rising := make([]byte, 32)
	for i := range rising {
		rising[i] = byte(i)
	}
	for _, tt := range []struct{ name, text, fault string }{
		{"one of ours", auth.GenerateRoot(), ""},
		{"with space around it", " " + auth.GenerateRoot() + "\n", ""},
		{"hexadecimal digits", hex.EncodeToString(random), ""},
		{"base64", base64.StdEncoding.EncodeToString(random), ""},
		{"base64url without padding", base64.RawURLEncoding.EncodeToString(random), ""},
		{"nothing", "", "there is none"},
		{"spaces", "  ", "there is none"},
		{"the prefix alone", "tenon_root_", "it has 0 bytes"},
		{"changeme", "changeme", "words"},
		{"secret", "secret", "words"},
		{"your-secret-key", "your-secret-key-here-change-in-production", "words"},
		{"a long word", strings.Repeat("supersecretkey", 5), "words"},
		{"capitals", strings.Repeat("SUPERSECRETKEY", 5), "words"},
		{"a sentence", "Correct horse battery staple", "neither base64"},
		{"31 bytes", base64.StdEncoding.EncodeToString(random[:31]), "it has 31 bytes, want 32 or more"},
		{"zeros", hex.EncodeToString(make([]byte, 32)), "a pattern"},
		{"one byte", hex.EncodeToString(bytes.Repeat([]byte{0xa7}, 32)), "a pattern"},
		{"bytes that rise", hex.EncodeToString(rising), "a pattern"},
		{"16 bytes twice", hex.EncodeToString(append(random[:16:16], random[:16]...)), "a pattern"},
		{"few bytes", hex.EncodeToString(bytes.Repeat([]byte{1, 200, 30, 77}, 9)), "a pattern"},
		{"a text in base64", base64.StdEncoding.EncodeToString([]byte("this is the secret key of my service, do not tell")), "it is a text"},
		{"a text in digits", hex.EncodeToString([]byte("0123456789abcdefghijklmnopqrstuv")), "it is a text"},
		{"a text with a line end in base64", base64.StdEncoding.EncodeToString([]byte("correct horse battery staple, correct horse\n")), "it is a text"},
		{"a text with tabs in base64", base64.StdEncoding.EncodeToString([]byte("correct\thorse\tbattery\tstaple, Correct\r\n")), "it is a text"},
		{"a text of another alphabet", base64.StdEncoding.EncodeToString([]byte("правильная лошадь, батарея и Скрепка")), "it is a text"},
		{"bits after the end", "tenon_root_" + strings.Repeat("A", 42) + "B", "neither base64"},
		{"the one of the documentation", "tenon_root_AGvvkaonm3ZGJ2-3WPEIoNMNtTpVGN3ZEzgcBkG4SE8", "it stands in documentation"},
		{"the one of a tutorial", "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", "everybody knows it"},
		{"the same as digits", hex.EncodeToString(mustDecode("AGvvkaonm3ZGJ2-3WPEIoNMNtTpVGN3ZEzgcBkG4SE8")), "it stands in documentation"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root, err := auth.ParseRoot(tt.text)
			if tt.fault == "" {
				if err != nil || root.IsZero() {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.fault) {
				t.Fatalf("got %v, want %q", err, tt.fault)
			}
			if len(tt.text) > 12 && strings.Contains(err.Error(), tt.text) {
				t.Error("the error shows the key")
			}
		})
	}
}

// TestNoKeyOfTheDocumentationIsTaken looks for keys in the pages, and tries them.
func TestNoKeyOfTheDocumentationIsTaken(t *testing.T) {
	t.Parallel()
	found := regexp.MustCompile(`tenon_root_[A-Za-z0-9_-]{20,}`)
	printed := 0
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../docs/adr/*.md", "../examples/*/*", "../examples/docs/*/*"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			page, err := os.ReadFile(name)
			if err != nil {
				continue // a folder
			}
			for _, key := range found.FindAll(page, -1) {
				printed++
				if _, err := auth.ParseRoot(string(key)); err == nil {
					t.Errorf("%s prints a key that a service would take", name)
				}
			}
		}
	}
	t.Logf("%d keys", printed)
}

func TestDerivedKeysDiffer(t *testing.T) {
	t.Parallel()
	a, b := newRoot(t), newRoot(t)
	seen := map[string]string{}
	for name, key := range map[string][]byte{
		"a one": a.Derive("one", 32), "a two": a.Derive("two", 32), "b one": b.Derive("one", 32), "b two": b.Derive("two", 32), "a one, longer": a.Derive("one", 64)[32:],
	} {
		if other := seen[string(key)]; other != "" {
			t.Errorf("%s is %s", name, other)
		}
		seen[string(key)] = name
	}
	if !bytes.Equal(a.Derive("one", 32), a.Derive("one", 32)) {
		t.Error("a key changes")
	}
	for name, f := range map[string]func(){"no root": func() { auth.Root{}.Derive("x", 32) }, "no purpose": func() { a.Derive("", 32) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s makes a key", name)
				}
			}()
			f()
		}()
	}
}

// TestADerivationNeverChanges would fail where tokens and hashes of before an update could no longer be read after it.
func TestADerivationNeverChanges(t *testing.T) {
	t.Parallel()
	root, err := auth.ParseRoot("tenon_root_Zr3wYPq8Jx1LbT0nVd6uKs9eHfGm2iCoRy7AaXzQvW4")
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(root.Derive("test", 16)); got != "caea860975e94e0134e646e0ebb98dbd" {
		t.Errorf("the key of a purpose is %s", got)
	}
}

func TestDevelopmentRoot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, notice, err := auth.DevelopmentRoot(dir)
	if err != nil || !strings.Contains(notice, "a new development key") || !strings.Contains(notice, "production") {
		t.Fatalf("%q, %v", notice, err)
	}
	again, notice, err := auth.DevelopmentRoot(dir)
	if err != nil || strings.Contains(notice, "new") || !bytes.Equal(first.Derive("x", 32), again.Derive("x", 32)) {
		t.Errorf("another key after a restart: %q, %v", notice, err)
	}
	name := filepath.Join(dir, "root.key")
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := auth.DevelopmentRoot(dir); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others may read: %v", err)
	}
	if _, _, err := auth.DevelopmentRoot(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("no directory is no fault")
	}
	weak := t.TempDir()
	if err := os.WriteFile(filepath.Join(weak, "root.key"), []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := auth.DevelopmentRoot(weak); err == nil || strings.Contains(err.Error(), "secret\n") {
		t.Errorf("a weak key in the file: %v", err)
	}
}

func TestTwoWhoStartAtOnceHaveOneDevelopmentKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys := make([]string, 16)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			root, _, err := auth.DevelopmentRoot(dir)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = string(root.Derive("x", 32))
		})
	}
	wg.Wait()
	for _, key := range keys {
		if key != keys[0] {
			t.Fatal("two keys")
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files are left", len(files))
	}
}

// TestN03KeysAndSecretsShowNothing prints, logs and encodes what holds a secret, alone and inside others, by every verb.
func TestN03KeysAndSecretsShowNothing(t *testing.T) {
	t.Parallel()
	const canary = "canary-7f3a"
	random := newRoot(t).Derive("test", 32)
	root, err := auth.ParseRoot(hex.EncodeToString(random))
	if err != nil {
		t.Fatal(err)
	}
	key, err := auth.NewHMAC(random)
	if err != nil {
		t.Fatal(err)
	}
	type inside struct {
		Public  any
		private any
	}
	hidden := []string{canary, string(random), hex.EncodeToString(random), fmt.Sprintf("%d", random), fmt.Sprintf("%#v", random), base64.StdEncoding.EncodeToString(random)}
	for _, value := range []any{auth.NewSecret(canary), auth.NewPII(canary), root, key} {
		var out bytes.Buffer
		for _, shown := range []any{value, &value, inside{value, value}, &inside{value, value}, []any{value}, map[string]any{"x": value}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
				fmt.Fprintf(&out, verb+"\n", shown)
			}
			slog.New(slog.NewTextHandler(&out, nil)).Info("x", "value", shown)
			slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "value", shown)
			if text, err := json.Marshal(shown); err == nil {
				out.Write(text)
			}
		}
		for _, secret := range hidden {
			if strings.Contains(out.String(), secret) {
				t.Errorf("%T shows %q", value, secret)
			}
		}
	}
}

func TestSecretsAreComparedWhole(t *testing.T) {
	t.Parallel()
	a := auth.NewSecret("abc")
	for text, want := range map[string]bool{"abc": true, "abd": false, "ab": false, "": false, "abcd": false} {
		if a.Equal(auth.NewSecret(text)) != want {
			t.Errorf("%q", text)
		}
	}
	if !(auth.Secret{}).Equal(auth.NewSecret("")) {
		t.Error("the zero value is empty")
	}
}
