package contenders

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v3"
	"github.com/valyala/fasthttp"

	"github.com/tenon-go/tenon/bench/work"
)

type fiberService struct {
	store *work.Store
	serve fasthttp.RequestHandler
}

type fiberValidator struct{ validate *validator.Validate }

func (v fiberValidator) Validate(in any) error { return v.validate.Struct(in) }

// Fiber is the service with fiber v3, its binder, and go-playground's validator as its manual wires it.
func Fiber() http.Handler {
	s := &fiberService{store: work.NewStore()}
	app := fiber.New(fiber.Config{StructValidator: fiberValidator{newValidator()}})
	app.Get("/plaintext", func(c fiber.Ctx) error { return c.SendString(work.Plaintext) })
	app.Get("/users/:id", s.user)
	app.Get("/users", s.users)
	app.Post("/users", s.createUser)
	app.Post("/orders", s.createOrder)
	s.serve = app.Handler()
	return s
}

func (s *fiberService) user(c fiber.Ctx) error {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil || id < 1 {
		return fiberFail(c, invalid([]fault{{"path", "/id", "type", "must be a whole number of 1 or more"}}))
	}
	user, ok := s.store.User(id)
	if !ok {
		return fiberFail(c, notFound())
	}
	return c.JSON(user)
}

func (s *fiberService) users(c fiber.Ctx) error {
	var in listUsers
	if err := c.Bind().Query(&in); err != nil {
		return fiberRefuse(c, err, "query")
	}
	return c.JSON(pageOf(s.store, in.Page, in.Size))
}

func (s *fiberService) createUser(c fiber.Ctx) error {
	var in newUser
	if err := c.Bind().Body(&in); err != nil {
		return fiberRefuse(c, err, "body")
	}
	return c.Status(http.StatusCreated).JSON(s.store.Create(in.Name, in.Email, in.Age))
}

func (s *fiberService) createOrder(c fiber.Ctx) error {
	in := new(newOrder)
	if err := c.Bind().Body(in); err != nil {
		return fiberRefuse(c, err, "body")
	}
	return c.Status(http.StatusCreated).JSON(in.view())
}

func fiberRefuse(c fiber.Ctx, err error, in string) error {
	if faults, ok := faultsOf(err, in); ok {
		return fiberFail(c, invalid(faults))
	}
	return fiberFail(c, unreadable(err))
}

func fiberFail(c fiber.Ctx, p *details) error {
	return c.Status(p.Status).JSON(p, "application/problem+json")
}

// Prepare makes one fasthttp request. As the requests of the others, it is read already, but for its query.
func (s *fiberService) Prepare(method, target, body string) func() int {
	var c fasthttp.RequestCtx
	c.Request.Header.SetMethod(method)
	c.Request.SetRequestURI(target)
	c.Request.Header.SetHost("api.example.com")
	c.Request.Header.Set("Accept", "*/*")
	c.Request.Header.SetUserAgent("bench")
	if body != "" {
		c.Request.Header.SetContentType("application/json")
		c.Request.SetBodyRaw([]byte(body))
	}
	_, query, _ := strings.Cut(target, "?")
	return func() int {
		c.Request.URI().SetQueryString(query)
		c.ResetUserValues()
		c.Response.Reset()
		s.serve(&c)
		return c.Response.StatusCode()
	}
}

// ServeHTTP carries a request over to fasthttp, and the answer back.
func (s *fiberService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var c fasthttp.RequestCtx
	c.Request.Header.SetMethod(r.Method)
	c.Request.SetRequestURI(r.RequestURI)
	c.Request.Header.SetHost(r.Host)
	for name, values := range r.Header {
		c.Request.Header.Set(name, values[0])
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		fail(w, badRequest())
		return
	}
	c.Request.SetBodyRaw(body)
	s.serve(&c)
	w.Header().Set("Content-Type", string(c.Response.Header.ContentType()))
	w.WriteHeader(c.Response.StatusCode())
	_, _ = w.Write(c.Response.Body()) // the writer keeps or counts it
}
