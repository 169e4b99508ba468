package tenon

import "reflect"

// ProviderInfo is one value that an operation is provided with.
type ProviderInfo struct {
	Type     string   `json:"type" doc:"What is provided, such as *store.Tx."`
	Function string   `json:"function" doc:"Name of the function that makes it."`
	Site     string   `json:"site" doc:"File and line of the registration."`
	Scope    string   `json:"scope" doc:"request: made anew for each; app: made once, at the start."`
	Needs    []string `json:"needs,omitzero" doc:"Types that it needs itself."`
	Finished string   `json:"finished,omitzero" doc:"When it is finished, such as before the first byte of the answer; absent where it has no method Finish."`
}

// providerInfos lists what an operation is provided with: values of the app, then those of the request in the order in which they
// are made.
func (a *App) providerInfos(p *plan) []ProviderInfo {
	if p.needs == nil {
		return nil
	}
	var apps, requests []ProviderInfo
	seen := map[*provider]bool{}
	app := func(fields []supply) {
		for _, f := range fields {
			if f.from < 0 && !seen[f.maker] {
				seen[f.maker] = true
				info := a.providerInfo(f.maker, a.singles[^f.from].fields, "when the app stops")
				info.Scope = "app"
				apps = append(apps, info)
			}
		}
	}
	when := "before the first byte"
	if p.events || p.lines || p.out.Sends() {
		when += ", or after the last of what is sent piece by piece"
	}
	for _, s := range p.needs.steps {
		app(s.fields)
		requests = append(requests, a.providerInfo(s.p, s.fields, when))
	}
	app(p.needs.fields)
	return append(apps, requests...)
}

// providerInfo describes one value; finished is when it is finished, if it is.
func (a *App) providerInfo(p *provider, fields []supply, finished string) ProviderInfo {
	info := ProviderInfo{Type: shortPath(p.name()), Function: funcName(p.fn), Site: p.site, Scope: "request"}
	switch {
	case reflect.PointerTo(p.out).Implements(finisher) || p.out.Kind() == reflect.Interface && p.out.Implements(finisher):
		info.Finished = finished
	case p.out.Kind() == reflect.Interface:
		info.Finished = finished + " where it has the method Finish"
	}
	for _, f := range fields {
		info.Needs = append(info.Needs, shortPath(f.maker.name()))
	}
	return info
}
