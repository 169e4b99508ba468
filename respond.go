package tenon

import "net/http"

// respond writes an output: status, header fields and body, in one Write. Nothing is written before all of it is encoded.
func (a *App) respond(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, out any) {
	status, body, err := p.out.Write(ex.out, w.Header(), r.URL, out)
	ex.out = body
	if err != nil {
		a.internal(w, r, p, err)
		return
	}
	w.WriteHeader(status)
	if len(body) > 0 && r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that left is nobody's fault
	}
}
