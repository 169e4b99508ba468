package tenon

import "net/http"

// locationPlan makes the Location of what a POST created from one member of the output.
type locationPlan struct {
	prefix string // path of the POST with the slash after it
	index  []int
	text   textOf
}

// locate finds, for each POST that answers 201, the GET of what it created: the same path with one more wildcard, named
// like a member of the output.
func (a *App) locate(plans []*plan) {
	gets := map[string]string{} // path of the collection -> wildcard
	for _, p := range plans {
		if n := len(p.names); p.op.Method == http.MethodGet && n > 0 {
			name := p.names[n-1]
			if collection, ok := cutSuffix(p.op.Path, "/{"+name+"}"); ok {
				gets[collection] = name
			}
		}
	}
	for _, p := range plans {
		o := &p.out
		name, ok := gets[p.op.Path]
		if !ok || p.op.Method != http.MethodPost || o.status != http.StatusCreated || o.locates || o.body == nil || len(p.names) > 0 {
			continue
		}
		for _, f := range o.body.Plain().Fields {
			if text, err := textFor(f.Type); f.Name == name && err == nil {
				o.located = &locationPlan{prefix: p.op.Path + "/", index: f.Index, text: text}
			}
		}
	}
}

func cutSuffix(s, suffix string) (string, bool) {
	if len(s) > len(suffix) && s[len(s)-len(suffix):] == suffix {
		return s[:len(s)-len(suffix)], true
	}
	return "", false
}
