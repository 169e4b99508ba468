package contenders

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
	"github.com/go-playground/validator/v10"

	"github.com/tenon-go/tenon/bench/work"
)

type chiService struct {
	store    *work.Store
	validate *validator.Validate
}

// Chi is the service with chi's router, encoding/json and go-playground's validator.
func Chi() http.Handler {
	s := &chiService{work.NewStore(), newValidator()}
	r := chi.NewRouter()
	r.Get("/plaintext", plaintext)
	r.Get("/users/{id}", s.user)
	r.Get("/users", s.users)
	r.Post("/users", s.createUser)
	r.Post("/orders", s.createOrder)
	return r
}

func (s *chiService) user(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil || id < 1 {
		fail(w, invalid([]fault{{"path", "/id", "type", "must be a whole number of 1 or more"}}))
		return
	}
	user, ok := s.store.User(id)
	if !ok {
		fail(w, notFound())
		return
	}
	respond(w, http.StatusOK, user)
}

func (s *chiService) users(w http.ResponseWriter, r *http.Request) {
	var in listUsers
	var errPage, errSize error
	query := r.URL.Query()
	in.Page, errPage = strconv.Atoi(query.Get("page"))
	in.Size, errSize = strconv.Atoi(query.Get("size"))
	if errPage != nil || errSize != nil {
		fail(w, badRequest())
		return
	}
	if err := s.validate.Struct(&in); err != nil {
		refuse(w, err, "query")
		return
	}
	respond(w, http.StatusOK, pageOf(s.store, in.Page, in.Size))
}

func (s *chiService) createUser(w http.ResponseWriter, r *http.Request) {
	var in newUser
	if p := read(w, r, &in); p != nil {
		fail(w, p)
		return
	}
	if err := s.validate.Struct(&in); err != nil {
		refuse(w, err, "body")
		return
	}
	respond(w, http.StatusCreated, s.store.Create(in.Name, in.Email, in.Age))
}

func (s *chiService) createOrder(w http.ResponseWriter, r *http.Request) {
	in := new(newOrder)
	if p := read(w, r, in); p != nil {
		fail(w, p)
		return
	}
	if err := s.validate.Struct(in); err != nil {
		refuse(w, err, "body")
		return
	}
	respond(w, http.StatusCreated, in.view())
}

func refuse(w http.ResponseWriter, err error, in string) {
	faults, ok := faultsOf(err, in)
	if !ok {
		fail(w, badRequest())
		return
	}
	fail(w, invalid(faults))
}
