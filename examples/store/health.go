package store

import (
	"context"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// errNotReady is answered while the service cannot do its work.
var errNotReady = problem.Define(503, "not-ready", "The service cannot answer requests now.")

// health tells a balancer whether to send requests here.
type health struct{ db *data.DB }

func (h *health) routes(app *tenon.App) {
	app.Get("/healthz", h.check, tenon.Tags("health"), tenon.Fails(errNotReady),
		tenon.Summary("Check that the service can answer"),
		tenon.Description("Answers 200 when the database can be read, otherwise 503."))
}

// HealthView says that all is well.
type HealthView struct {
	Status string `json:"status" enum:"ok" doc:"Always \"ok\": the service can answer requests."`
}

func (h *health) check(ctx context.Context, _ *struct{}) (*HealthView, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := h.db.Ping(ctx); err != nil {
		return nil, errNotReady.Wrap(err)
	}
	return &HealthView{Status: "ok"}, nil
}
