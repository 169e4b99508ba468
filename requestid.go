package tenon

import (
	"context"

	"github.com/tenon-go/tenon/internal/record"
)

// RequestID returns the id of the request that ctx belongs to, as it stands in the access log, in the field X-Request-Id and in the
// instance of a problem: a UUID of version 7, or what a trusted proxy calls the request; "" outside a request.
func RequestID(ctx context.Context) string {
	if rec := record.From(ctx); rec != nil {
		return rec.ID
	}
	return ""
}
