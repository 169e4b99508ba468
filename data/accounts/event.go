package accounts

import (
	"context"
	"log/slog"

	"github.com/tenon-go/tenon"
)

// event logs what matters to those who watch over a service, in OWASP's vocabulary. It never holds what somebody typed.
func (a *Accounts) event(ctx context.Context, name, subject string, cause error) {
	fields := []slog.Attr{slog.String("event", name), slog.String("subject", subject), slog.String("request_id", tenon.RequestID(ctx))}
	level := slog.LevelInfo
	if cause != nil {
		level = slog.LevelWarn
		fields = append(fields, slog.String("error", cause.Error()))
	}
	a.cfg.Logger.LogAttrs(ctx, level, "accounts", fields...)
}
