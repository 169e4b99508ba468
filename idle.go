package tenon

import (
	"fmt"
	"net/http"
)

// The options that only some operations can follow.
const (
	sayBodyLimit  = "BodyLimit"
	sayBodyETag   = "BodyETag"
	sayDecompress = "Decompress"
	sayDeadline   = "Deadline"

	sayScanUploads = "ScanUploads"

	sayFormatParameter = "FormatParameter"
	sayFormatSuffix    = "FormatSuffix"
)

// idle returns what an operation says of itself that has no effect. What a group says is for those that it concerns.
func (p *plan) idle() []error {
	var faults []error
	get := p.op.Method == http.MethodGet
	hashes := get && p.out.HashBody
	for _, option := range p.op.said {
		switch {
		case option == sayFormatParameter && p.formats == nil:
			faults = append(faults, fmt.Errorf("%s: %s has no effect: it is for an operation that answers with JSON", p.name, option))
		case option == sayFormatSuffix && (p.formats == nil || !p.formats.suffix):
			faults = append(faults, fmt.Errorf("%s: %s has no effect: it is for answers in JSON at a path that ends in a name", p.name, option))
		case option == sayFormatParameter || option == sayFormatSuffix:
		case option == sayBodyETag && !hashes:
			faults = append(faults, fmt.Errorf("%s: %s has no effect: it is for a GET that answers 200 with a body made whole", p.name, option))
		case option == sayDeadline && (p.events || p.lines):
			faults = append(faults, fmt.Errorf("%s: %s has no effect: a stream has time for as long as its client reads", p.name, option))
		case option == sayScanUploads && (p.body == nil || p.body.form == nil || p.body.form.uploads == nil):
			faults = append(faults, fmt.Errorf("%s: %s has no effect: the operation takes no files", p.name, option))
		case option != sayBodyETag && option != sayDeadline && p.body == nil:
			faults = append(faults, fmt.Errorf("%s: %s has no effect: the operation takes no body", p.name, option))
		}
	}
	if get && p.conditions != nil {
		faults = append(faults, fmt.Errorf("%s: %s is for writes; a GET is conditional by the ETag of its output", p.name, p.conditions[0].name))
	}
	return faults
}
