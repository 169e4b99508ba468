package encode

import (
	"encoding/base64"
	"encoding/json/jsontext"
	"errors"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/tenon-go/tenon/internal/duration"
)

func appendBool(b []byte, v reflect.Value, _ int) ([]byte, error) {
	return strconv.AppendBool(b, v.Bool()), nil
}

func appendInt(b []byte, v reflect.Value, _ int) ([]byte, error) {
	return strconv.AppendInt(b, v.Int(), 10), nil
}

func appendUint(b []byte, v reflect.Value, _ int) ([]byte, error) {
	return strconv.AppendUint(b, v.Uint(), 10), nil
}

var errFinite = errors.New("the number is not finite")

func floats(bits int) appender {
	return func(b []byte, v reflect.Value, _ int) ([]byte, error) {
		f := v.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return b, errFinite
		}
		return jsontext.AppendFloat(b, f, bits), nil
	}
}

func appendBytes(b []byte, v reflect.Value, _ int) ([]byte, error) {
	b = append(b, '"')
	b = base64.StdEncoding.AppendEncode(b, v.Bytes())
	return append(b, '"'), nil
}

func appendDuration(b []byte, v reflect.Value, _ int) ([]byte, error) {
	b = append(b, '"')
	b = duration.Append(b, time.Duration(v.Int()))
	return append(b, '"'), nil
}
