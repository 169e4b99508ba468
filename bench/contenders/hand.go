package contenders

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/tenon-go/tenon/bench/work"
)

const maxBody = 1 << 20

type hand struct{ store *work.Store }

// Hand is the service as a good engineer writes it with the standard library alone: ServeMux, encoding/json, checks by
// hand that name every fault.
func Hand() http.Handler {
	h := &hand{work.NewStore()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /plaintext", plaintext)
	mux.HandleFunc("GET /users/{id}", h.user)
	mux.HandleFunc("GET /users", h.users)
	mux.HandleFunc("POST /users", h.createUser)
	mux.HandleFunc("POST /orders", h.createOrder)
	return mux
}

func plaintext(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := io.WriteString(w, work.Plaintext); err != nil {
		slog.Warn("the answer was not written", "error", err)
	}
}

func (h *hand) user(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		fail(w, invalid([]fault{{"path", "/id", "type", "must be a whole number of 1 or more"}}))
		return
	}
	user, ok := h.store.User(id)
	if !ok {
		fail(w, notFound())
		return
	}
	respond(w, http.StatusOK, user)
}

func (h *hand) users(w http.ResponseWriter, r *http.Request) {
	var c checks
	c.in = "query"
	query := r.URL.Query()
	page := c.number(query.Get("page"), "/page", 1<<31)
	size := c.number(query.Get("size"), "/size", 100)
	if len(c.faults) > 0 {
		fail(w, invalid(c.faults))
		return
	}
	respond(w, http.StatusOK, pageOf(h.store, page, size))
}

func (h *hand) createUser(w http.ResponseWriter, r *http.Request) {
	var in newUser
	if p := read(w, r, &in); p != nil {
		fail(w, p)
		return
	}
	if faults := checkUser(&in); faults != nil {
		fail(w, invalid(faults))
		return
	}
	respond(w, http.StatusCreated, h.store.Create(in.Name, in.Email, in.Age))
}

func (h *hand) createOrder(w http.ResponseWriter, r *http.Request) {
	in := new(newOrder)
	if p := read(w, r, in); p != nil {
		fail(w, p)
		return
	}
	if faults := checkOrder(in); faults != nil {
		fail(w, invalid(faults))
		return
	}
	respond(w, http.StatusCreated, in.view())
}

// read decodes one JSON value of bounded size, without members that in does not have and without anything after it.
func read(w http.ResponseWriter, r *http.Request, in any) *details {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(in); err != nil {
		return unreadable(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return badRequest()
	}
	return nil
}

func unreadable(err error) *details {
	var wrongType *json.UnmarshalTypeError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &wrongType):
		return invalid([]fault{{"body", pointer(wrongType.Field), "type", "must be of another type"}})
	case errors.As(err, &tooLarge):
		return &details{Type: "about:blank", Title: "The request body is too large.", Status: 413, Code: "content-too-large"}
	}
	return badRequest()
}

func respond(w http.ResponseWriter, status int, body any) {
	write(w, "application/json", status, body)
}

func fail(w http.ResponseWriter, p *details) {
	write(w, "application/problem+json", p.Status, p)
}

func write(w http.ResponseWriter, mediaType string, status int, body any) {
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		slog.Warn("the answer was not written", "error", err)
	}
}
