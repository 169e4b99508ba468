// Package migration reads files of migrations, and applies them with a record of what was applied.
package migration

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// File is a file with the SQL of one migration, both ways.
type File struct {
	// Number orders the migrations.
	Number int64
	// Name is that of the file, such as 0001_users.sql.
	Name string
	// Sum identifies the text.
	Sum string
	// Up and Down are the SQL, without the lines for goose. Down is empty where there is no way back.
	Up, Down string
	// Bare says that it runs outside a transaction.
	Bare bool
	// Breaking is why a program that does not know the migration cannot work after it; "" is that it can.
	Breaking string
	// Blocking are the tables that it locks for as long as they are large.
	Blocking []string
}

// Set is the migrations of one engine, by number.
type Set struct {
	// Files are sorted.
	Files []File
	// FS holds them at its top level.
	FS fs.FS
}

// Last is the number of the newest file, 0 without one.
func (s *Set) Last() int64 {
	if len(s.Files) == 0 {
		return 0
	}
	return s.Files[len(s.Files)-1].Number
}

// Find is the file with a number, or nil.
func (s *Set) Find(number int64) *File {
	i := slices.IndexFunc(s.Files, func(f File) bool { return f.Number == number })
	if i < 0 {
		return nil
	}
	return &s.Files[i]
}

// Read reads the files of an engine: those of the folder with its name where there is one, else those at the top level. All that is
// wrong with them is told at once. A folder without files is an empty set.
func Read(files fs.FS, e Engine) (*Set, error) {
	if info, err := fs.Stat(files, e.Name()); err == nil && info.IsDir() {
		if files, err = fs.Sub(files, e.Name()); err != nil {
			return nil, err
		}
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	set := &Set{FS: files}
	var faults []error
	for _, entry := range entries {
		if entry.IsDir() || !strings.HasSuffix(entry.Name(), ".sql") {
			continue
		}
		f, err := read(files, entry.Name())
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if other := set.Find(f.Number); other != nil {
			faults = append(faults, fmt.Errorf("%s and %s have the same number: give the newer one the next free number", other.Name, f.Name))
		}
		set.Files = append(set.Files, f)
	}
	slices.SortStableFunc(set.Files, func(a, b File) int { return cmp.Compare(a.Number, b.Number) })
	return set, errors.Join(faults...)
}

var (
	fileName = regexp.MustCompile(`^(\d{1,18})_[A-Za-z0-9_-]+\.sql$`)
	upLine   = regexp.MustCompile(`(?m)^-- *\+goose +Up\s*$`)
	downLine = regexp.MustCompile(`(?m)^-- *\+goose +Down\s*$`)
	bareLine = regexp.MustCompile(`(?m)^-- *\+goose +NO TRANSACTION\s*$`)
	noteLine = regexp.MustCompile(`(?m)^-- *\+goose\b.*\n?`)
	breaking = regexp.MustCompile(`(?m)^-- Breaking: *(.*?)\.?\s*$`)
	blocking = regexp.MustCompile(`(?m)^-- Blocking: *((?:\w+\.)?\w+)`)
	comment  = regexp.MustCompile(`(?m)--.*$`)
)

func read(files fs.FS, name string) (File, error) {
	parts := fileName.FindStringSubmatch(name)
	if parts == nil {
		return File{}, fmt.Errorf("%s: the name has no number, want one such as 0001_users.sql", name)
	}
	number, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || number == 0 {
		return File{}, fmt.Errorf("%s: the number is 0, want 1 or more", name)
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return File{}, err
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) // git may have changed the ends of lines
	sum := sha256.Sum256(text)
	f := File{Number: number, Name: name, Sum: hex.EncodeToString(sum[:]), Bare: bareLine.Match(text)}
	at := upLine.FindIndex(text)
	if at == nil {
		return File{}, fmt.Errorf("%s: there is no line -- +goose Up", name)
	}
	up, down := text[at[1]:], []byte(nil)
	if cut := downLine.FindIndex(up); cut != nil {
		up, down = up[:cut[0]], up[cut[1]:]
	}
	f.Up, f.Down = plain(up), plain(down)
	var reasons []string
	for _, m := range breaking.FindAllSubmatch(up, -1) {
		reasons = append(reasons, string(m[1]))
	}
	f.Breaking = strings.Join(reasons, "; ")
	for _, m := range blocking.FindAllSubmatch(up, -1) {
		f.Blocking = append(f.Blocking, string(m[1]))
	}
	return f, nil
}

// plain is SQL without the lines for goose; "" is nothing but comments.
func plain(sql []byte) string {
	text := noteLine.ReplaceAllString(string(sql), "")
	if strings.TrimSpace(comment.ReplaceAllString(text, "")) == "" {
		return ""
	}
	return strings.Trim(text, "\n") + "\n"
}
