package settings

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
)

// Input is what a program was given. The first of flag, variable, file and default that has a setting decides it.
type Input struct {
	Flags map[string][]string // by name, without dashes
	Env   map[string]string   // a variable that is empty counts as absent
	File  string              // name of a file of JSON; "" is none
}

// maxFile is the most bytes of a file of settings, and of one that holds a secret.
const maxFile = 1 << 20

// Load fills the struct that cfg points to, which is of the type that the schema was made of, and says what holds and where it came from. The error joins all
// faults, each with its place. A cfg that has a method
// Validate() error is asked at the end.
func (s *Schema) Load(cfg any, in Input) ([]Setting, error) {
	dst := reflect.ValueOf(cfg).Elem()
	file, err := s.file(in.File)
	errs := []error{err}
	settings := make([]Setting, 0, len(s.Fields))
	for _, f := range s.Fields {
		found, texts, err := f.find(in, file)
		settings = append(settings, found)
		switch {
		case err != nil:
			errs = append(errs, err)
			continue
		case texts == nil && f.Required:
			errs = append(errs, fmt.Errorf("%s is missing: set %s", f.Key, f.places(in)))
			continue
		case texts == nil:
			continue
		}
		v, err := f.read(texts)
		if err != nil {
			for _, err := range unjoin(err) {
				errs = append(errs, fmt.Errorf("%s: %w", cmp.Or(found.place(), f.Key), err))
			}
			continue
		}
		if v.IsValid() {
			dst.FieldByIndex(f.index).Set(v)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return settings, err
	}
	if c, ok := cfg.(interface{ Validate() error }); ok {
		return settings, c.Validate()
	}
	return settings, nil
}

// place is where a setting was given, as a fault names it: that of a file says the key too.
func (s Setting) place() string {
	if s.File == "" && s.Source != "" && s.Source != s.Env && !strings.HasPrefix(s.Source, "--") {
		return s.Source + ": " + s.Key
	}
	return s.Source
}

// places says where a setting can be given.
func (f *Field) places(in Input) string {
	places := []string{f.Env}
	if f.Flag != "" {
		places = []string{"--" + f.Flag, f.Env}
	}
	if f.Secret {
		places = append(places, f.Env+"_FILE")
	}
	if in.File != "" {
		places = append(places, fmt.Sprintf("%q in %s", f.Key, in.File))
	}
	last := len(places) - 1
	if last == 0 {
		return places[0]
	}
	return strings.Join(places[:last], ", ") + " or " + places[last]
}

// find looks for the texts of a setting; nil is none.
func (f *Field) find(in Input, file map[string][]string) (found Setting, texts []string, err error) {
	found = Setting{Field: f}
	switch {
	case f.Flag != "" && in.Flags[f.Flag] != nil:
		found.Source = "--" + f.Flag
		for _, text := range in.Flags[f.Flag] {
			texts = append(texts, f.texts(text)...)
		}
	case in.Env[f.Env] != "" && f.Secret && in.Env[f.Env+"_FILE"] != "":
		return found, nil, fmt.Errorf("%s and %s_FILE are both set, want one", f.Env, f.Env)
	case in.Env[f.Env] != "":
		found.Source, texts = f.Env, f.texts(in.Env[f.Env])
	case f.Secret && in.Env[f.Env+"_FILE"] != "":
		found.Source, found.File = f.Env+"_FILE", in.Env[f.Env+"_FILE"]
		text, err := readFile(found.File)
		if err != nil {
			return found, nil, fmt.Errorf("%s: %w", found.Source, err)
		}
		texts = []string{strings.TrimRight(string(text), "\r\n")}
	case file[f.Key] != nil:
		found.Source, texts = in.File, file[f.Key]
	case f.Default != "":
		texts = f.texts(f.Default)
	}
	found.Value, found.texts = f.shown(texts), texts
	return found, texts, nil
}

// readFile reads a file that is not larger than maxFile.
func readFile(name string) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // named by who starts the program
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s has more than %d bytes", name, maxFile)
	}
	return text, nil
}

// unjoin is the faults of a list, one by one.
func unjoin(err error) []error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		return all.Unwrap()
	}
	return slices.Clone([]error{err})
}
