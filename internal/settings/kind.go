package settings

import (
	"encoding"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// errKind is the fault of a field whose type is no kind of value.
var errKind = errors.New("a setting is a text, a number, a boolean, a time.Duration, a url.URL, a type with UnmarshalText, or a list of these")

const (
	boolean = "true or false"
	aURL    = "a URL such as https://api.example.com"
)

// isText reports whether values of a type read themselves from text.
func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// kind works out how values of a type are read.
func (f *Field) kind(t reflect.Type) error {
	pointer := t.Kind() == reflect.Pointer
	switch {
	case t == reflect.TypeFor[time.Duration]():
		f.Kind, f.parse = "a duration such as 1m30s", func(text string) (reflect.Value, error) {
			d, err := time.ParseDuration(text)
			return reflect.ValueOf(d), err
		}
	case t == reflect.TypeFor[*url.URL]():
		f.Kind, f.parse = aURL, parseURL
	case isText(t):
		_, f.Secret = reflect.TypeAssert[interface{ NeverEncode() }](reflect.Zero(t))
		f.Kind, f.parse = "a value", func(text string) (reflect.Value, error) {
			v := reflect.New(t)
			err := v.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
			return v.Elem(), err
		}
		if k, ok := reflect.TypeAssert[interface{ SettingKind() string }](reflect.Zero(t)); ok {
			f.Kind = k.SettingKind()
		}
	case pointer:
		return errKind
	default:
		return f.scalar(t)
	}
	return nil
}

func (f *Field) scalar(t reflect.Type) error {
	switch t.Kind() {
	case reflect.String:
		f.Kind = "a text"
	case reflect.Bool:
		f.Kind, f.Bool = boolean, !f.List
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		f.Kind, f.number = "a whole number", true
	case reflect.Float32, reflect.Float64:
		f.Kind, f.number = "a number", true
	default:
		return errKind
	}
	f.parse = func(text string) (reflect.Value, error) {
		v := reflect.New(t).Elem()
		return v, set(v, text)
	}
	return nil
}

func set(v reflect.Value, text string) error {
	bits := 0
	if k := v.Kind(); k != reflect.String && k != reflect.Bool {
		bits = v.Type().Bits()
	}
	switch {
	case v.Kind() == reflect.String:
		v.SetString(text)
		return nil
	case v.Kind() == reflect.Bool:
		if text != "true" && text != "false" {
			return errors.New("neither")
		}
		v.SetBool(text == "true")
		return nil
	case v.CanInt():
		n, err := strconv.ParseInt(text, 10, bits)
		v.SetInt(n)
		return err
	case v.CanUint():
		n, err := strconv.ParseUint(text, 10, bits)
		v.SetUint(n)
		return err
	}
	n, err := strconv.ParseFloat(text, bits)
	v.SetFloat(n)
	return err
}

func parseURL(text string) (reflect.Value, error) {
	u, err := url.Parse(text)
	if err == nil && (u.Scheme == "" || u.Host == "") {
		err = errors.New("it has no scheme or no host")
	}
	return reflect.ValueOf(u), err
}

// texts cuts the text of a list at its commas; what is no list is one text.
func (f *Field) texts(text string) []string {
	if !f.List {
		return []string{text}
	}
	var texts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			texts = append(texts, part)
		}
	}
	return texts
}

// read makes a value of texts. Its error says what was wrong, without the text of a secret.
func (f *Field) read(texts []string) (reflect.Value, error) {
	if !f.List {
		if len(texts) != 1 {
			return reflect.Value{}, fmt.Errorf("it is given %d times, want once", len(texts))
		}
		return f.one(texts[0])
	}
	var list reflect.Value
	var errs []error
	for _, text := range texts {
		v, err := f.one(text)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !list.IsValid() {
			list = reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, len(texts))
		}
		list = reflect.Append(list, v)
	}
	return list, errors.Join(errs...)
}

func (f *Field) one(text string) (reflect.Value, error) {
	if f.Enum != nil && !slices.Contains(f.Enum, text) {
		return reflect.Value{}, fmt.Errorf("%q is not one of %s", text, strings.Join(f.Enum, ", "))
	}
	v, err := f.parse(text)
	switch {
	case err != nil && f.Secret:
		return v, errors.New("the secret cannot be read")
	case err != nil && f.Kind == aURL: // it may hold a password
		return v, errors.New("it is not " + f.Kind)
	case err != nil && f.Kind == "a value":
		return v, fmt.Errorf("%q: %w", text, err)
	case err != nil:
		return v, fmt.Errorf("%q is not %s", text, f.Kind)
	}
	if low, err := f.parse(f.minimum); f.minimum != "" && err == nil && less(v, low) {
		return v, fmt.Errorf("%s is below %s", text, f.minimum)
	}
	if high, err := f.parse(f.maximum); f.maximum != "" && err == nil && less(high, v) {
		return v, fmt.Errorf("%s is above %s", text, f.maximum)
	}
	return v, nil
}

func less(a, b reflect.Value) bool {
	switch {
	case a.CanInt():
		return a.Int() < b.Int()
	case a.CanUint():
		return a.Uint() < b.Uint()
	case a.CanFloat():
		return a.Float() < b.Float()
	}
	return false
}
