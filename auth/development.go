package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// developmentFile holds the root key of a data directory.
const developmentFile = "root.key"

// DevelopmentRoot returns the root key that is kept in a data directory, and makes one where there is none yet, so that nobody is logged out by
// a restart. It is for a machine on which somebody develops; a service in production gets its key from outside. notice is one line for whoever
// starts the service; nothing is printed. A file that others may read is refused.
func DevelopmentRoot(dir string) (root Root, notice string, err error) {
	name := filepath.Join(dir, developmentFile)
	made, err := makeRoot(name)
	if err != nil {
		return Root{}, "", fmt.Errorf("auth: development key: %w", err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return Root{}, "", fmt.Errorf("auth: development key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" { // where the mode says nothing of others
		return Root{}, "", fmt.Errorf("auth: development key: others may use %s (mode %04o); chmod 600", name, info.Mode().Perm())
	}
	text, err := os.ReadFile(name) //nolint:gosec // It is the file of the directory that the service was told of.
	if err != nil {
		return Root{}, "", fmt.Errorf("auth: development key: %w", err)
	}
	if root, err = ParseRoot(strings.TrimSpace(string(text))); err != nil {
		return Root{}, "", fmt.Errorf("%s: %w", name, err)
	}
	if made {
		return root, "a new development key was drawn and is kept in " + name + "; production needs one of its own", nil
	}
	return root, "the development key is that of " + name + "; production needs one of its own", nil
}

// makeRoot writes a new key unless there is a file. Of two who start at once, one makes it: a link fails where the name is taken, and what it
// names is whole.
func makeRoot(name string) (made bool, err error) {
	if _, err := os.Stat(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".root-*")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString(GenerateRoot() + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return false, err
	}
	err = os.Link(f.Name(), name)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}
