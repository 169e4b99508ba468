package contenders

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"
	"github.com/go-playground/validator/v10"

	"github.com/tenon-go/tenon/bench/work"
)

type ginService struct{ store *work.Store }

// Gin is the service with gin, its binding and the validator that it carries. It sets gin's process-wide mode and the
// tag that its process-wide validator reads.
func Gin() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	if v, ok := binding.Validator.Engine().(*validator.Validate); ok {
		v.SetTagName("validate")
		v.RegisterTagNameFunc(jsonName)
	}
	s := &ginService{work.NewStore()}
	r := gin.New()
	r.GET("/plaintext", func(c *gin.Context) { c.String(http.StatusOK, work.Plaintext) })
	r.GET("/users/:id", s.user)
	r.GET("/users", s.users)
	r.POST("/users", s.createUser)
	r.POST("/orders", s.createOrder)
	return r
}

func (s *ginService) user(c *gin.Context) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || id < 1 {
		ginFail(c, invalid([]fault{{"path", "/id", "type", "must be a whole number of 1 or more"}}))
		return
	}
	user, ok := s.store.User(id)
	if !ok {
		ginFail(c, notFound())
		return
	}
	c.JSON(http.StatusOK, user)
}

func (s *ginService) users(c *gin.Context) {
	var in listUsers
	if err := c.ShouldBindQuery(&in); err != nil {
		ginRefuse(c, err, "query")
		return
	}
	c.JSON(http.StatusOK, pageOf(s.store, in.Page, in.Size))
}

func (s *ginService) createUser(c *gin.Context) {
	var in newUser
	if err := c.ShouldBindJSON(&in); err != nil {
		ginRefuse(c, err, "body")
		return
	}
	c.JSON(http.StatusCreated, s.store.Create(in.Name, in.Email, in.Age))
}

func (s *ginService) createOrder(c *gin.Context) {
	in := new(newOrder)
	if err := c.ShouldBindJSON(in); err != nil {
		ginRefuse(c, err, "body")
		return
	}
	c.JSON(http.StatusCreated, in.view())
}

func ginRefuse(c *gin.Context, err error, in string) {
	faults, ok := faultsOf(err, in)
	if !ok {
		ginFail(c, unreadable(err))
		return
	}
	ginFail(c, invalid(faults))
}

func ginFail(c *gin.Context, p *details) {
	c.Header("Content-Type", "application/problem+json")
	c.JSON(p.Status, p)
}
