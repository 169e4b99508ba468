package tenon

import "sync"

// common is what batteries keep of one app, by type.
type common struct {
	mu     sync.Mutex
	values []any
}

// Common is what the options of a battery share of all operations of an app: a value of a type that is theirs alone, made when it is first asked
// for. A copy of the app has its own. It must be safe for concurrent use, and bear that options are applied more than once: Compile and
// Operations do.
func (o *Operation) Common[T any]() *T {
	if o.common == nil {
		return new(T)
	}
	o.common.mu.Lock()
	defer o.common.mu.Unlock()
	for _, v := range o.common.values {
		if known, ok := v.(*T); ok {
			return known
		}
	}
	made := new(T)
	o.common.values = append(o.common.values, made)
	return made
}

// Template is the path as it was registered: with {version} where that is part of the path, so that it is the same in all versions.
func (o *Operation) Template() string {
	if o.template == "" {
		return o.Path
	}
	return o.template
}
