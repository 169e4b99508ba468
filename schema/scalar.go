package schema

import (
	"math"
	"reflect"
	"strconv"

	"github.com/tenon-go/tenon/internal/shape"
)

// scalar makes the schema of a type that is neither object nor array. It may be changed by the caller.
func scalar(t *shape.Type) *Schema {
	switch t.Kind {
	case shape.Bool:
		return &Schema{Types: []string{"boolean"}}
	case shape.Int:
		return integer(t)
	case shape.Uint:
		return unsigned(t)
	case shape.Float:
		if t.Bits == 32 {
			return &Schema{Types: []string{"number"}, Format: "float"}
		}
		return &Schema{Types: []string{"number"}, Format: "double"}
	case shape.String:
		return &Schema{Types: []string{"string"}}
	case shape.Bytes:
		return &Schema{Types: []string{"string"}, ContentEncoding: "base64"}
	case shape.Time:
		return &Schema{Types: []string{"string"}, Format: "date-time"}
	case shape.HTTPDate:
		return &Schema{Types: []string{"string"}, Format: "http-date"}
	case shape.Duration:
		return &Schema{Types: []string{"string"}, Format: "duration"}
	}
	return described(t)
}

// described makes the schema of a type with a form of its own: what the type says, or else what is known of it.
func described(t *shape.Type) *Schema {
	if t.Go.Kind() != reflect.Interface {
		if d, ok := reflect.TypeAssert[Describer](reflect.New(t.Go)); ok {
			if own := d.JSONSchema(); own != nil {
				return new(*own)
			}
		}
	}
	if t.Kind == shape.Decimal { // the format, of OpenAPI's registry, tells clients not to read a float
		return &Schema{Types: []string{"number"}, Format: "decimal"}
	}
	if t.Kind != shape.Text {
		return &Schema{}
	}
	out := &Schema{Types: []string{"string"}}
	switch {
	case t.Secret:
		out.Format = "password"
	case t.Go.Name() == "UUID" && (t.Go.PkgPath() == "uuid" || t.Go.PkgPath() == "github.com/google/uuid"):
		out.Format = "uuid"
	}
	return out
}

// integer has the format int32 or int64, and exact bounds where the type is narrower than 64 bits.
func integer(t *shape.Type) *Schema {
	out := &Schema{Types: []string{"integer"}, Format: "int64"}
	if t.Bits < 64 {
		out.Format = "int32"
		out.Minimum = strconv.FormatInt(math.MinInt64>>(64-t.Bits), 10)
		out.Maximum = strconv.FormatInt(math.MaxInt64>>(64-t.Bits), 10)
	}
	return out
}

// unsigned has the narrowest of the formats int32, int64 and uint64 that holds the type.
func unsigned(t *shape.Type) *Schema {
	out := &Schema{Types: []string{"integer"}, Format: "uint64", Minimum: "0"}
	if t.Bits < 64 {
		out.Format = "int64"
		out.Maximum = strconv.FormatUint(math.MaxUint64>>(64-t.Bits), 10)
	}
	if t.Bits < 32 {
		out.Format = "int32"
	}
	return out
}

// mapKey describes the names of a map's members; nil is any name.
func mapKey(t *shape.Type) *Schema {
	switch t.Kind {
	case shape.Int:
		return &Schema{Pattern: `^(0|-?[1-9][0-9]*)$`}
	case shape.Uint:
		return &Schema{Pattern: `^(0|[1-9][0-9]*)$`}
	}
	out := scalar(t)
	if t.Kind == shape.String {
		out.Enum = values(t, t.Enum)
	}
	if out.Types = nil; reflect.DeepEqual(out, &Schema{}) {
		return nil
	}
	return out
}
