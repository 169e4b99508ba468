package tenon

import "errors"

// tell reports faults at a registration. What is wrong with a type, or with an option of a group, is told once, however many
// operations share it.
func (a *App) tell(site string, faults []error, told map[string]bool) map[string]bool {
	for _, err := range faults {
		if shared, ok := errors.AsType[sharedError](err); ok {
			if told[shared.Error()] {
				continue
			}
			told[shared.Error()] = true
		}
		if own, ok := errors.AsType[sitedError](err); ok {
			a.fault(own.site, own.error)
			continue
		}
		a.fault(site, err)
	}
	return told
}

// sharedError is a fault of something that several operations may share.
type sharedError struct{ error }

// sitedError is a fault that knows the line which caused it.
type sitedError struct {
	site string
	error
}

func sharedFaults(faults []error) []error {
	shared := make([]error, len(faults))
	for i, err := range faults {
		shared[i] = sharedError{err}
	}
	return shared
}

// isNone reports whether a fault is none.
func isNone(err error) bool {
	shared, ok := errors.AsType[sharedError](err)
	return err == nil || ok && shared.error == nil
}
