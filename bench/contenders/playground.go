package contenders

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
)

// newValidator makes go-playground's validator as chi and echo users set it up: members are named as in JSON.
func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(jsonName)
	return v
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// faultsOf turns the validator's errors into located faults; it reports false for any other error.
func faultsOf(err error, in string) ([]fault, bool) {
	var errs validator.ValidationErrors
	if !errors.As(err, &errs) {
		return nil, false
	}
	faults := make([]fault, len(errs))
	for i, e := range errs {
		_, path, _ := strings.Cut(e.Namespace(), ".") // without the name of the Go type
		faults[i] = fault{in, pointer(path), e.Tag(), message(e)}
	}
	return faults, true
}

// pointer makes a JSON Pointer of a path such as items[3].quantity.
func pointer(path string) string {
	b := make([]byte, 0, len(path)+1)
	b = append(b, '/')
	for i := range len(path) {
		switch path[i] {
		case '.', '[':
			b = append(b, '/')
		case ']':
		default:
			b = append(b, path[i])
		}
	}
	return string(b)
}

func message(e validator.FieldError) string {
	switch e.Tag() {
	case "required":
		return "is required"
	case "email":
		return "must be an e-mail address"
	case "uuid":
		return "must be a UUID"
	case "oneof":
		return "must be one of " + e.Param()
	}
	unit := ""
	if e.Kind() == reflect.String {
		unit = " characters"
	}
	switch e.Tag() {
	case "min":
		return "must be " + e.Param() + unit + " or more"
	case "max":
		return "must be " + e.Param() + unit + " or less"
	case "len":
		return "must be " + e.Param() + unit
	}
	return "is not valid"
}
