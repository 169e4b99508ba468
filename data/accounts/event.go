package accounts

import (
	"context"
	"log/slog"
	"slices"

	"github.com/tenon-go/tenon"
)

// event logs what matters to those who watch over a service, in OWASP's vocabulary (the cheat sheet "Application Logging Vocabulary"), and what fails at Warn.
// It never holds what somebody typed.
func (a *Accounts) event(ctx context.Context, name, subject string, cause error) {
	if cause != nil {
		a.Event(ctx, name, subject, slog.String("error", cause.Error()))
		return
	}
	a.Event(ctx, name, subject)
}

// warned are the events that are more than information, by themselves.
var warned = []string{
	"authn_login_fail", "authn_login_lock", "authn_password_change_fail", "authn_token_reuse", "authz_fail", "session_use_after_expire",
	"privilege_permissions_changed", "user_archived", "user_deleted",
}

// Event logs an event of a user beside those of this package, such as one that an admin deletes: user_deleted, user_archived and user_updated, or
// privilege_permissions_changed, in OWASP's words. fields say more, such as who did it; they hold no secret, and nothing that somebody typed. Changes of what
// somebody may do, and what failed, which has a field error, are a Warn. It belongs behind the commit (data.Tx.AfterCommit).
func (a *Accounts) Event(ctx context.Context, name, subject string, fields ...slog.Attr) {
	level := slog.LevelInfo
	if slices.Contains(warned, name) || slices.ContainsFunc(fields, func(f slog.Attr) bool { return f.Key == "error" }) {
		level = slog.LevelWarn
	}
	a.cfg.Logger.LogAttrs(ctx, level, "accounts", append([]slog.Attr{
		slog.String("event", name), slog.String("subject", subject), slog.String("request_id", tenon.RequestID(ctx)),
	}, fields...)...)
}
