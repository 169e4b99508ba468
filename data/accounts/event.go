package accounts

import (
	"context"
	"log/slog"

	"github.com/tenon-go/tenon"
)

// event logs what matters to those who watch over a service, in OWASP's vocabulary (the cheat sheet "Application Logging Vocabulary"), and what fails at Warn.
// It never holds what somebody typed.
func (a *Accounts) event(ctx context.Context, name, subject string, cause error) {
	fields := []slog.Attr{slog.String("event", name), slog.String("subject", subject), slog.String("request_id", tenon.RequestID(ctx))}
	level := slog.LevelInfo
	switch name {
	case "authn_login_fail", "authn_login_lock", "authn_password_change_fail", "authn_token_reuse", "session_use_after_expire":
		level = slog.LevelWarn
	}
	if cause != nil {
		level = slog.LevelWarn
		fields = append(fields, slog.String("error", cause.Error()))
	}
	a.cfg.Logger.LogAttrs(ctx, level, "accounts", fields...)
}
