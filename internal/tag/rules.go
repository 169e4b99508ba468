package tag

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// words are the rule words, in the order in which they are suggested.
var words = []string{
	"minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
	"minItems", "maxItems", "uniqueItems", "enum", "format", "transform", "readOnly", "writeOnly", "deprecated", "default", "example", "doc",
	"accept", "maxBytes", "maxPixels",
}

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func (r *Rules) set(key, value string) (known bool, err error) {
	switch key {
	case "minLength":
		return true, setCount(&r.MinLength, key, value)
	case "maxLength":
		return true, setCount(&r.MaxLength, key, value)
	case "minItems":
		return true, setCount(&r.MinItems, key, value)
	case "maxItems":
		return true, setCount(&r.MaxItems, key, value)
	case "minimum":
		return true, setNumber(&r.Minimum, key, value)
	case "maximum":
		return true, setNumber(&r.Maximum, key, value)
	case "exclusiveMinimum":
		return true, setNumber(&r.ExclusiveMinimum, key, value)
	case "exclusiveMaximum":
		return true, setNumber(&r.ExclusiveMaximum, key, value)
	case "multipleOf":
		return true, setNumber(&r.MultipleOf, key, value)
	case "uniqueItems":
		return true, setBool(&r.UniqueItems, key, value)
	case "readOnly":
		return true, setBool(&r.ReadOnly, key, value)
	case "writeOnly":
		return true, setBool(&r.WriteOnly, key, value)
	case "deprecated":
		return true, setBool(&r.Deprecated, key, value)
	}
	return r.setText(key, value)
}

func (r *Rules) setText(key, value string) (known bool, err error) {
	switch key {
	case "pattern":
		r.Pattern = value
		if _, err := regexp.Compile(value); err != nil {
			return true, fmt.Errorf("tag pattern: %w", err)
		}
	case "enum":
		r.Enum = strings.Split(value, ",")
		seen := map[string]bool{}
		for _, v := range r.Enum {
			if v == "" || seen[v] {
				return true, fmt.Errorf("tag enum: %q has an empty or repeated value", value)
			}
			seen[v] = true
		}
	case "format":
		r.Format = value
		if value == "" {
			return true, errors.New("tag format is empty")
		}
	case "transform":
		r.Transform = strings.Split(value, ",")
		seen := map[string]bool{}
		for _, name := range r.Transform {
			if name == "" || seen[name] {
				return true, fmt.Errorf("tag transform: %q has an empty or repeated name", value)
			}
			seen[name] = true
		}
	case "default":
		r.HasDefault, r.Default = true, value
	case "example":
		r.Examples = append(r.Examples, value)
	case "doc":
		r.Doc = value
	case "accept":
		var err error
		r.Accept, err = mediaTypes(key, value)
		return true, err
	case "maxBytes":
		return true, setBytes(&r.MaxBytes, key, value)
	case "maxPixels":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 1 {
			return true, fmt.Errorf("tag maxPixels: %q is not a number of pixels, such as 12000000", value)
		}
		r.MaxPixels = n
	default:
		return false, nil
	}
	return true, nil
}

func setCount(dst **int, key, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return fmt.Errorf("tag %s: %q is not a whole number of 0 or more", key, value)
	}
	*dst = &n
	return nil
}

var size = regexp.MustCompile(`^([1-9][0-9]{0,8})(KiB|MiB|GiB)?$`)

// setBytes reads a number of bytes, such as 500 or 10MiB.
func setBytes(dst *int64, key, value string) error {
	m := size.FindStringSubmatch(value)
	if m == nil {
		return fmt.Errorf("tag %s: %q is not a number of bytes, such as 500, 64KiB or 10MiB", key, value)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	*dst = n << map[string]int{"": 0, "KiB": 10, "MiB": 20, "GiB": 30}[m[2]]
	return err
}

func setNumber(dst *string, key, value string) error {
	if !number.MatchString(value) {
		return fmt.Errorf("tag %s: %q is not a number", key, value)
	}
	*dst = value
	return nil
}

func setName(dst *string, key, value string) error {
	if value == "" {
		return fmt.Errorf("tag %s is empty", key)
	}
	*dst = value
	return nil
}

func setBool(dst *bool, key, value string) error {
	if value != "true" {
		return fmt.Errorf("tag %s: %q is not \"true\"; leave the tag out for false", key, value)
	}
	*dst = true
	return nil
}

func unknown(key string) error {
	others := []string{"path", "query", "header", "cookie", "form", "body", "dep", "status", "json"}
	others = append(others, "discriminator", "variant", "style", "explode", "hidden")
	for _, w := range append(others, words...) {
		if strings.EqualFold(w, key) || distance(strings.ToLower(w), strings.ToLower(key)) <= 2 {
			return fmt.Errorf("tag %s is not known, did you mean %s?", key, w)
		}
	}
	return fmt.Errorf("tag %s is not known", key)
}

// distance is the Levenshtein distance of two short ASCII words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
