package shape

import (
	"context"
	"encoding"
	"encoding/json"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Reader reads types and remembers them. A Reader belongs to one app and to one goroutine; what it returns is read-only
// and safe for concurrent use.
type Reader struct {
	// Names makes the name of a field whose tag gives none; nil takes the name of the field as it is. Set it before the first Read.
	Names func(field string) string

	types  map[reflect.Type]*Type
	faults map[reflect.Type][]error
	unions []*Type // whose variants are not checked yet
}

// NewReader makes an empty Reader.
func NewReader() *Reader {
	return &Reader{types: map[reflect.Type]*Type{}, faults: map[reflect.Type][]error{}}
}

// Read describes t and everything in it. The faults are those of t and of all that it holds. Each names a struct by its type
// and the way to the fault from there, so that every user of a wrong type is told its own field. A Type is returned even when
// there are faults, but it must not be compiled.
func (r *Reader) Read(t reflect.Type) (*Type, []error) {
	typ := r.read(t)
	r.settle()
	return typ, r.told(typ)
}

// faultf notes a fault of t; told says where t stands.
func (r *Reader) faultf(t reflect.Type, format string, args ...any) {
	r.faults[t] = append(r.faults[t], fmt.Errorf(format, args...))
}

var (
	timeType        = reflect.TypeFor[time.Time]()
	durationType    = reflect.TypeFor[time.Duration]()
	rawType         = reflect.TypeFor[jsontext.Value]()
	bytesType       = reflect.TypeFor[[]byte]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	textMarshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	unmarshalerFrom = reflect.TypeFor[jsonv2.UnmarshalerFrom]()
	marshalerTo     = reflect.TypeFor[jsonv2.MarshalerTo]()
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	marshaler       = reflect.TypeFor[json.Marshaler]()
	validator       = reflect.TypeFor[interface {
		Validate(ctx context.Context) error
	}]()
	errorType  = reflect.TypeFor[error]()
	never      = reflect.TypeFor[interface{ NeverEncode() }]()
	jsonNumber = reflect.TypeFor[interface{ JSONNumber() }]()
)

func (r *Reader) read(t reflect.Type) *Type {
	if typ, ok := r.types[t]; ok {
		return typ
	}
	typ := &Type{Go: t}
	r.types[t] = typ
	if wrapper := presence(t); wrapper != Invalid {
		typ.Kind = wrapper
		field, _ := t.FieldByName("Value")
		typ.Elem = r.read(field.Type)
		r.checkWrapper(typ)
		return typ
	}
	if sparse(t) {
		r.sparse(typ)
		return typ
	}
	if opaque(t) {
		typ.Kind = Opaque
		return typ
	}
	if t.Kind() == reflect.Pointer {
		typ.Kind = Pointer
		typ.Elem = r.read(t.Elem())
		r.checkWrapper(typ)
		return typ
	}
	if t.PkgPath() == rootPath && t.Name() == "Upload" {
		typ.Kind = Upload
		return typ
	}
	typ.Secret = has(t, never)
	r.kind(typ)
	r.methods(typ)
	return typ
}

// rootPath is the package that declares Opt, Null and Upload. It stands above this one, so they are known by name.
const rootPath = "github.com/tenon-go/tenon"

// presence recognises Opt and Null.
func presence(t reflect.Type) Kind {
	if t.Kind() != reflect.Struct || t.PkgPath() != rootPath {
		return Invalid
	}
	switch {
	case strings.HasPrefix(t.Name(), "Opt["):
		return Opt
	case strings.HasPrefix(t.Name(), "Null["):
		return Null
	}
	return Invalid
}

// opaque recognises what is no value but a whole answer, by name, because the root package that declares it stands above.
func opaque(t reflect.Type) bool {
	return t.PkgPath() == "github.com/tenon-go/tenon" && slices.Contains([]string{"NoContent", "File", "Redirect"}, t.Name())
}

// below is the type that a pointer leads to. Types may be recursive, so a Type that is being read does not know it yet.
func below(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func (r *Reader) checkWrapper(t *Type) {
	switch t.Elem.Kind {
	case Stream:
		r.faultf(t.Go, "a stream is always there; it takes no pointer, Opt or Null")
	case Opt:
		r.faultf(t.Go, "%s: Opt must be the outermost type of a field", t.Go)
	case Pointer, Null:
		if t.Kind != Opt || t.Elem.Kind == Pointer {
			r.faultf(t.Go, "%s has two layers of presence; use *T, Opt[T], Null[T] or Opt[Null[T]]", t.Go)
		}
	}
}

func has(t, iface reflect.Type) bool {
	return t.Implements(iface) || reflect.PointerTo(t).Implements(iface)
}

// kind decides the kind of a type that is no wrapper. A type that says to be a number is one. The JSON methods that stream win
// over text methods, because they were written for it; text methods win over MarshalJSON and UnmarshalJSON, because they serve
// parameters and map keys as well and say what the schema is; all of them win over the structure.
func (r *Reader) kind(typ *Type) {
	t := typ.Go
	if hint := misleading(t); hint != "" {
		r.faultf(t, "%s has no JSON form that says what it is; %s", t, hint)
		typ.Kind = Any
		return
	}
	switch {
	case t == timeType:
		typ.Kind = Time
	case t == durationType:
		typ.Kind = Duration
	case t == rawType:
		typ.Kind = Any
	case has(t, jsonNumber):
		typ.Kind = Decimal
		if !has(t, textUnmarshaler) && !has(t, textMarshaler) {
			r.faultf(t, "the method JSONNumber of %s is for types with UnmarshalText or MarshalText, whose text is the number", t)
		}
	case has(t, unmarshalerFrom) || has(t, marshalerTo):
		typ.Kind = Custom
	case has(t, textUnmarshaler) || has(t, textMarshaler):
		typ.Kind = Text
	case has(t, unmarshaler) || has(t, marshaler):
		typ.Kind = Custom
	default:
		r.structural(typ)
	}
}

func (r *Reader) structural(typ *Type) {
	t := typ.Go
	switch t.Kind() {
	case reflect.Bool:
		typ.Kind = Bool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		typ.Kind, typ.Bits = Int, t.Bits()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		typ.Kind, typ.Bits = Uint, t.Bits()
	case reflect.Float32, reflect.Float64:
		typ.Kind, typ.Bits = Float, t.Bits()
	case reflect.String:
		typ.Kind = String
	case reflect.Slice:
		if t.ConvertibleTo(bytesType) && t.Elem().Kind() == reflect.Uint8 {
			typ.Kind = Bytes
			return
		}
		typ.Kind = Slice
		typ.Elem = r.item(t, t.Elem())
	case reflect.Array:
		typ.Kind, typ.Len = Array, t.Len()
		typ.Elem = r.item(t, t.Elem())
	case reflect.Map:
		typ.Kind = Map
		typ.Key = r.read(t.Key())
		switch typ.Key.Kind {
		case String, Int, Uint, Text:
		default:
			r.faultf(t, "map keys are strings, integers or text types, not %s", t.Key())
		}
		typ.Elem = r.item(t, t.Elem())
	case reflect.Struct:
		if typ.Discriminator = discriminator(t); typ.Discriminator != "" {
			typ.Kind = Union
			r.union(typ)
			return
		}
		typ.Kind = Struct
		r.fields(typ)
		if len(typ.Fields) == 0 && hides(t) {
			r.faultf(t, "%s has no exported field, so nothing of it is ever read or sent; %s", t, instead(t))
		}
	case reflect.Func:
		item, ok := itemOf(t)
		if !ok {
			r.faultf(t, "%s has no JSON form that can be described; a stream is iter.Seq2[T, error]", t)
			return
		}
		typ.Kind = Stream
		typ.Elem = r.item(t, item)
	case reflect.Interface:
		typ.Kind = Any
		if t.NumMethod() > 0 {
			r.faultf(t, "%s has no JSON form that can be described; %s", t, instead(t))
		}
	default:
		r.faultf(t, "%s has no JSON form that can be described; %s", t, instead(t))
	}
}

// itemOf returns T of an iter.Seq2[T, error].
func itemOf(t reflect.Type) (item reflect.Type, ok bool) {
	if !t.CanSeq2() || t.In(0).In(1) != errorType {
		return nil, false
	}
	return t.In(0).In(0), true
}

func (r *Reader) item(outer, t reflect.Type) *Type {
	typ := r.read(t)
	if opaque(below(t)) {
		r.faultf(outer, "%s is a whole answer, which is no item", t)
	}
	if typ.Kind == Stream {
		r.faultf(outer, "%s is a whole body, no item", t)
	}
	if typ.Kind == Opt {
		r.faultf(outer, "items of %s cannot be absent: Opt is for fields; use %s, or Null for items that may be null", outer, typ.Elem.Go)
	}
	return typ
}

// methods notes the optional methods of a type: Validate, ValidateNeeds and Enum.
func (r *Reader) methods(typ *Type) {
	t := typ.Go
	typ.Validates = has(t, validator)
	if m, ok := reflect.PointerTo(t).MethodByName("Validate"); ok && !typ.Validates && typ.Kind != Text && typ.Kind != Decimal && typ.Kind != Custom {
		r.faultf(t, "method Validate has the form %s, want Validate(context.Context) error", m.Type)
	}
	if needer, ok := reflect.TypeAssert[interface{ ValidateNeeds() []string }](reflect.New(t)); ok {
		typ.Needs = needer.ValidateNeeds()
		for _, name := range typ.Needs {
			if !hasMember(typ, name) {
				r.faultf(t, "ValidateNeeds names %q, which is not a member", name)
			}
		}
	}
	enum, ok := reflect.New(t).Type().MethodByName("Enum")
	if !ok {
		return
	}
	if enum.Type.NumIn() != 1 || enum.Type.NumOut() != 1 || enum.Type.Out(0) != reflect.SliceOf(t) {
		r.faultf(t, "method Enum has the form %s, want func() []%s", enum.Type, t.Name())
		return
	}
	switch typ.Kind {
	case String, Int, Uint:
	default:
		r.faultf(t, "the method Enum of %s is not for strings or integers", t)
		return
	}
	values := reflect.New(t).MethodByName("Enum").Call(nil)[0]
	for i := range values.Len() {
		typ.Enum = append(typ.Enum, fmt.Sprint(underlying(values.Index(i))))
	}
	if len(typ.Enum) == 0 {
		r.faultf(t, "the method Enum of %s returns no values", t)
	}
}

// underlying strips a String method, so that a value prints as it stands on the wire.
func underlying(v reflect.Value) any {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return v.Uint()
	}
	return v.Int()
}

func hasMember(t *Type, name string) bool {
	for _, f := range t.Fields {
		if f.Name == name {
			return true
		}
	}
	return false
}
