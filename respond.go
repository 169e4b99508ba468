package tenon

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/problem"
)

// respond writes an output: status, header fields and body, in one Write. Nothing is written before all of it is encoded. It
// reports whether the answer is a success.
func (a *App) respond(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, out any) bool {
	request := reply.Request{URL: r.URL, Room: &ex.room, Lengths: a.lengths, Vary: len(p.forms) > 0}
	if ex.form != nil {
		request.Form = &reply.Form{Media: ex.form.media, FromJSON: ex.form.FromJSON}
	}
	if p.conditional {
		request.Header = r.Header
	}
	header := w.Header()
	if p.stream != nil {
		header = http.Header{} // it is sent with the first item, unless that is an error
	}
	answer, err := p.out.Write(ex.out, header, request, out)
	if ex.form == nil {
		ex.out = answer.Body // what a codec made is not ours to use again
	}
	if err == nil && p.stream != nil && answer.Items == nil {
		copyHeader(w.Header(), header)
	}
	switch {
	case err != nil:
		a.internal(w, r, p, err)
		return false
	case answer.Status == http.StatusPreconditionFailed:
		a.answer(w, r, problem.New(problem.CodePreconditionFailed, ""))
		closeSender(answer)
		return false
	case answer.Status == http.StatusNotModified:
		w.WriteHeader(http.StatusNotModified)
		closeSender(answer)
	case answer.Items != nil:
		return a.sendItems(w, r, p, answer, header)
	case answer.Sender != nil:
		return a.send(w, r, p, answer)
	default:
		w.WriteHeader(answer.Status)
		if len(answer.Body) > 0 && r.Method != http.MethodHead {
			_, _ = w.Write(answer.Body) // a client that left is nobody's fault
		}
	}
	return true
}

// closeSender frees what a body that is not sent would have been read from.
func closeSender(answer reply.Answer) {
	if answer.Sender != nil {
		_ = answer.Sender.Close() // nothing of it was wanted
	}
}

// send lets a body send itself. What fails before the first byte is a 500; after it the connection is cut, so that the client
// sees that the body is not whole.
func (a *App) send(w http.ResponseWriter, r *http.Request, p *plan, answer reply.Answer) bool {
	defer func() {
		if err := answer.Sender.Close(); err != nil {
			a.log(r, p, slog.LevelWarn, "close a body", err)
		}
	}()
	tracked := &tracker{ResponseWriter: &paced{w, http.NewResponseController(w)}}
	err := answer.Sender.Send(tracked, r, answer.Status)
	if err == nil {
		return true
	}
	if !tracked.started() {
		answer.Withdraw(w.Header())
		a.fail(w, r, p, err)
		return false
	}
	a.log(r, p, slog.LevelError, "a body ended early", err)
	panic(http.ErrAbortHandler)
}

// sendIdle is the most time that one write of a long body may take. A slow client gets as much time as it needs, as long as it
// reads.
const sendIdle = 60 * time.Second

// paced moves the deadline of the connection with each write: a body that is sent piece by piece has no fixed length in time.
type paced struct {
	http.ResponseWriter

	control *http.ResponseController
}

// Unwrap is for http.ResponseController.
func (p *paced) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// Write writes with a deadline of its own.
func (p *paced) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(sendIdle)) // a writer without deadlines waits for nobody
	return p.ResponseWriter.Write(b)
}
