package migrate

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// checkOf is the SQL of the rules of a field: minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, enum and check.
func checkOf(name string, t reflect.Type, tag reflect.StructTag, e engine) (string, error) {
	var terms []string
	length, err := between("length("+name+")", tag, "minLength", "maxLength")
	if err != nil {
		return "", err
	}
	if length != "" && t.Kind() != reflect.String && tag.Get("type") == "" {
		return "", fmt.Errorf("minLength and maxLength do not fit a %s", t)
	}
	value := valueOf(name, tag, e)
	size, err := between(value, tag, "minimum", "maximum")
	if err != nil {
		return "", err
	}
	terms = append(terms, length, size)
	for _, bound := range []struct{ word, sign string }{{"exclusiveMinimum", ">"}, {"exclusiveMaximum", "<"}} {
		text, ok := tag.Lookup(bound.word)
		if !ok {
			continue
		}
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "", fmt.Errorf("%s is %q, want a number", bound.word, text)
		}
		size = value + " " + bound.sign + " " + text
		terms = append(terms, size)
	}
	if size != "" && !numeric(t, tag.Get("type")) {
		return "", fmt.Errorf("minimum and maximum do not fit a %s", t)
	}
	if text, ok := tag.Lookup("enum"); ok {
		values := strings.Split(text, ",")
		for i, v := range values {
			if t.Kind() == reflect.String || t.Kind() == reflect.Struct {
				values[i] = quoted(v)
			}
		}
		terms = append(terms, name+" IN ("+strings.Join(values, ", ")+")")
	}
	terms = append(terms, tag.Get("check"))
	return and(terms), nil
}

// valueOf is a column as a value to compare: SQLite keeps decimals as text.
func valueOf(name string, tag reflect.StructTag, e engine) string {
	if decimalType.MatchString(tag.Get("type")) && e == sqliteEngine {
		return "CAST(" + name + " AS REAL)"
	}
	return name
}

// between is the rule of two bounds, of which one or both may be missing.
func between(value string, tag reflect.StructTag, low, high string) (string, error) {
	least, some := tag.Lookup(low)
	most, more := tag.Lookup(high)
	for word, text := range map[string]string{low: least, high: most} {
		if _, err := strconv.ParseFloat(text, 64); text != "" && err != nil {
			return "", fmt.Errorf("%s is %q, want a number", word, text)
		}
	}
	switch {
	case some && more:
		return value + " BETWEEN " + least + " AND " + most, nil
	case some:
		return value + " >= " + least, nil
	case more:
		return value + " <= " + most, nil
	}
	return "", nil
}

// and joins rules; each stands for itself.
func and(terms []string) string {
	var kept []string
	for _, t := range terms {
		if t != "" {
			kept = append(kept, t)
		}
	}
	for i, t := range kept {
		if len(kept) > 1 && strings.Contains(strings.ToUpper(t), " OR ") {
			kept[i] = "(" + t + ")"
		}
	}
	return strings.Join(kept, " AND ")
}
