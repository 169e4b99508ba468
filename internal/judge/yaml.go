package judge

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml"
	yaml11 "gopkg.in/yaml.v2"
	yaml12 "gopkg.in/yaml.v3"
)

// SameYAML reports where any of three readers sees in a YAML text something else than the JSON text says. One of them
// follows YAML 1.1, where "no" is a boolean.
func SameYAML(jsonText, yamlText []byte) error {
	var want any
	if err := json.Unmarshal(jsonText, &want); err != nil {
		return fmt.Errorf("judge: read the JSON: %w", err)
	}
	var errs []error
	for _, reader := range []struct {
		name string
		read func([]byte, any) error
	}{
		{"yaml.v2", yaml11.Unmarshal},
		{"yaml.v3", yaml12.Unmarshal},
		{"go-yaml", yaml.Unmarshal},
	} {
		var got any
		if err := reader.read(yamlText, &got); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", reader.name, err))
		} else if got = asJSON(got); !reflect.DeepEqual(got, want) {
			errs = append(errs, fmt.Errorf("%s reads %#v, want %#v", reader.name, got, want))
		}
	}
	return errors.Join(errs...)
}

// asJSON turns what YAML readers return into what a JSON reader would: float64 for numbers, string for names.
func asJSON(v any) any {
	switch v := v.(type) {
	case map[any]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			text, ok := name.(string)
			if !ok {
				text = fmt.Sprintf("%T %v, not a string", name, name)
			}
			out[text] = asJSON(value)
		}
		return out
	case map[string]any:
		for name, value := range v {
			v[name] = asJSON(value)
		}
	case []any:
		for i, value := range v {
			v[i] = asJSON(value)
		}
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	}
	return v
}
