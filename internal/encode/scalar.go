package encode

import (
	"encoding/base64"
	"errors"
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
		return appendFloat(b, v.Float(), bits)
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
