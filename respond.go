package tenon

import (
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
)

// respond writes an output: status, header fields and body, in one Write. Nothing is written before all of it is encoded. It
// reports whether the answer is a success.
func (a *App) respond(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, c *call, out any) bool {
	if p.brief {
		return a.respondBriefly(w, r, p, ex, c, out)
	}
	request := reply.Request{URL: r.URL, Prefix: prefixOf(r), Room: &ex.room, Vary: len(p.forms) > 0 && ex.picked == nil}
	if ex.form != nil {
		request.Form = &reply.Form{Media: ex.form.media, FromJSON: ex.form.FromJSON}
	}
	if p.version != nil && !p.version.of.inPath() {
		request.Version = p.version.Name
	}
	if ex.picked != nil && p.formats.suffix {
		request.Suffix = "." + ex.picked.name
	}
	if p.conditional {
		request.Header = r.Header
	}
	header := w.Header()
	if ex.scope.staged() {
		header = header.Clone()
		ex.scope.answer(header)
	}
	answer, err := p.out.Write(ex.out, header, &request, out)
	if ex.form == nil {
		ex.out = answer.Body // what a codec made is not ours to use again
	}
	switch {
	case err != nil:
		a.internal(w, r, p, a.settle(r, p, ex, c, err))
		return false
	case answer.Status == http.StatusPreconditionFailed:
		closeSender(answer)
		failed := problem.New(problem.CodePreconditionFailed, "")
		_ = a.settle(r, p, ex, c, failed)
		a.answer(w, r, failed)
		return false
	}
	whole := answer.Status == http.StatusNotModified || answer.Items == nil && answer.Sender == nil
	if whole {
		closeSender(answer)
		if err := a.settle(r, p, ex, c, nil); err != nil {
			a.fail(w, r, p, err)
			return false
		}
	}
	if whole && ex.scope.staged() {
		maps.Copy(w.Header(), header)
	}
	switch {
	case answer.Status == http.StatusNotModified:
		w.WriteHeader(http.StatusNotModified)
	case answer.Items != nil:
		return a.sendItems(w, r, p, ex, c, answer, header)
	case answer.Sender != nil:
		return a.send(w, r, p, ex, c, answer, header)
	default:
		writeWhole(w, r, answer.Status, answer.Body, c.work.Load() != nil)
	}
	return true
}

// respondBriefly writes an output that depends on nothing of the request but its path.
func (a *App) respondBriefly(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, c *call, out any) bool {
	body, err := p.out.WriteBrief(ex.out, w.Header(), &ex.room, out)
	if p.out.Location() && err == nil {
		err = p.out.WriteLocation(w.Header(), &ex.room, r.URL, prefixOf(r), out)
	}
	if cap(body) > cap(ex.out) {
		ex.out = body
	}
	if err != nil {
		a.internal(w, r, p, err)
		return false
	}
	writeWhole(w, r, p.out.Statuses[0], body, c.work.Load() != nil)
	return true
}

// counted is how many bytes of a body net/http holds back, so that it says their number by itself when a handler ends.
const counted = 2048

// writeWhole writes status and body, and the number of its bytes where net/http does not say it: of what is more, of what HEAD does not send, and
// of what is flushed while the handler goes on.
func writeWhole(w http.ResponseWriter, r *http.Request, status int, body []byte, flushed bool) {
	head := r.Method == http.MethodHead
	if len(body) > counted || (head || flushed) && status != http.StatusNoContent {
		w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	w.WriteHeader(status)
	if len(body) > 0 && !head {
		_, _ = w.Write(body) // a client that left is nobody's fault
	}
}

// prefixOf is the path that a proxy took off.
func prefixOf(r *http.Request) string {
	if rec := record.From(r.Context()); rec != nil {
		return rec.Prefix
	}
	return ""
}

// closeSender frees what a body that is not sent would have been read from. Use it before the answer: it may panic.
func closeSender(answer reply.Answer) {
	if answer.Sender != nil {
		_ = answer.Sender.Close() // nothing of it was wanted
	}
}

// send lets a body send itself. What fails or panics before the first byte is a problem; after it the connection is cut, so that
// the client sees that the body is not whole. staged is the header of w with what provided values add, which problems have nothing of.
func (a *App) send(w http.ResponseWriter, r *http.Request, p *plan, ex *exchange, c *call, answer reply.Answer, staged http.Header) bool {
	if rec := record.From(r.Context()); rec != nil && !rec.Stream() { // a slow client keeps nobody waiting
		closeSender(answer)
		_ = a.settle(r, p, ex, c, middleware.ErrOverloaded)
		a.overloaded(w, r)
		return false
	}
	out := &sending{ResponseWriter: w, control: http.NewResponseController(w), header: staged.Clone(), timers: r.ProtoMajor == 2}
	out.rest()
	defer out.wait() // for what is left to send
	copyHeader(out.header, answer.Header)
	defer a.recover(w, r, p, out.started)
	if ex.scope.open() {
		defer a.settlePanic(r, p, ex, c)
	}
	err := a.settle(r, p, ex, c, a.sendBody(out, r, p, answer))
	if err == nil {
		return true
	}
	if !out.begun {
		a.fail(w, r, p, err)
		return false
	}
	a.log(r, p, slog.LevelError, "a body ended early", err)
	panic(http.ErrAbortHandler)
}

func (a *App) sendBody(w http.ResponseWriter, r *http.Request, p *plan, answer reply.Answer) error {
	defer func() {
		if err := answer.Sender.Close(); err != nil {
			a.log(r, p, slog.LevelWarn, "close a body", err)
		}
	}()
	return answer.Sender.Send(w, r, answer.Status)
}

// sending is what a body is sent to piece by piece. Its header is its own until the status is written. Such a body has no fixed length in
// time: its client has some for each write, and what it is read from may take its own.
type sending struct {
	http.ResponseWriter

	control *http.ResponseController
	header  http.Header
	begun   bool
	timers  bool // a deadline that passes ends the answer although nobody waits, as in HTTP/2
}

func (s *sending) started() bool { return s.begun }

// Unwrap is for http.ResponseController.
func (s *sending) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Header is what will be sent.
func (s *sending) Header() http.Header { return s.header }

// WriteHeader sends the header.
func (s *sending) WriteHeader(status int) {
	if !s.begun {
		s.begun = true
		maps.Copy(s.ResponseWriter.Header(), s.header)
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write writes with a deadline of its own.
func (s *sending) Write(b []byte) (int, error) {
	if !s.begun {
		s.WriteHeader(http.StatusOK)
	}
	s.wait()
	defer s.rest()
	return s.ResponseWriter.Write(b)
}

// wait gives the client its time; a writer without deadlines waits for nobody.
func (s *sending) wait() { _ = s.control.SetWriteDeadline(time.Now().Add(paceIdle)) }

// rest gives the source the time until the next write.
func (s *sending) rest() {
	if s.timers {
		_ = s.control.SetWriteDeadline(time.Time{})
	}
}
