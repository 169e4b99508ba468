package contenders

import (
	"net/http"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v5"

	"github.com/tenon-go/tenon/bench/work"
)

type echoService struct{ store *work.Store }

type echoValidator struct{ validate *validator.Validate }

func (v echoValidator) Validate(in any) error { return v.validate.Struct(in) }

// Echo is the service with echo v5, its binder, and go-playground's validator as its manual wires it.
func Echo() http.Handler {
	s := &echoService{work.NewStore()}
	e := echo.New()
	e.Validator = echoValidator{newValidator()}
	e.GET("/plaintext", func(c *echo.Context) error { return c.String(http.StatusOK, work.Plaintext) })
	e.GET("/users/:id", s.user)
	e.GET("/users", s.users)
	e.POST("/users", s.createUser)
	e.POST("/orders", s.createOrder)
	return e
}

func (s *echoService) user(c *echo.Context) error {
	id, err := echo.PathParam[int64](c, "id")
	if err != nil || id < 1 {
		return echoFail(c, invalid([]fault{{"path", "/id", "type", "must be a whole number of 1 or more"}}))
	}
	user, ok := s.store.User(id)
	if !ok {
		return echoFail(c, notFound())
	}
	return c.JSON(http.StatusOK, user)
}

func (s *echoService) users(c *echo.Context) error {
	var in listUsers
	if err := c.Bind(&in); err != nil {
		return echoFail(c, badRequest())
	}
	if err := c.Validate(&in); err != nil {
		return echoRefuse(c, err, "query")
	}
	return c.JSON(http.StatusOK, pageOf(s.store, in.Page, in.Size))
}

func (s *echoService) createUser(c *echo.Context) error {
	var in newUser
	if err := c.Bind(&in); err != nil {
		return echoUnreadable(c, err)
	}
	if err := c.Validate(&in); err != nil {
		return echoRefuse(c, err, "body")
	}
	return c.JSON(http.StatusCreated, s.store.Create(in.Name, in.Email, in.Age))
}

func (s *echoService) createOrder(c *echo.Context) error {
	in := new(newOrder)
	if err := c.Bind(in); err != nil {
		return echoUnreadable(c, err)
	}
	if err := c.Validate(in); err != nil {
		return echoRefuse(c, err, "body")
	}
	return c.JSON(http.StatusCreated, in.view())
}

func echoUnreadable(c *echo.Context, err error) error {
	if echo.StatusCode(err) == http.StatusUnsupportedMediaType {
		return err
	}
	return echoFail(c, unreadable(err))
}

func echoRefuse(c *echo.Context, err error, in string) error {
	faults, ok := faultsOf(err, in)
	if !ok {
		return err
	}
	return echoFail(c, invalid(faults))
}

func echoFail(c *echo.Context, p *details) error {
	c.Response().Header().Set("Content-Type", "application/problem+json")
	return c.JSON(p.Status, p)
}
