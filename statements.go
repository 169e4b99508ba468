package tenon

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenon-go/tenon/internal/record"
)

// RanStatement is a statement of a database that was run for a request. It holds no value that a client sent.
type RanStatement struct {
	// Took is how long it took.
	Took time.Duration
	// Text is what was run, with placeholders for its values; "" is not told.
	Text string
	// Values is how many values it has.
	Values int
	// Database says how it is run. Default: nobody does.
	Database StatementPlanner
}

// StatementPlanner tells how a database would run a statement, a line for each step, without running it. It is safe for concurrent use.
type StatementPlanner interface {
	// PlanStatement tells how a statement with so many values would be run, each of them whatever it may be.
	PlanStatement(ctx context.Context, text string, values int) ([]string, error)
}

// Statement tells that a statement of a database was run for the request of ctx. It is for packages like data: an Observer sees how many there
// were, and Explain shows those of an operation. Without a request, nothing happens.
func Statement(ctx context.Context, ran RanStatement) {
	rec := record.From(ctx)
	if rec == nil {
		return
	}
	rec.Asked(ran.Took)
	if see, ok := rec.Statements.(*statements); ok && ran.Text != "" && rec.Operation != "" {
		see.note(rec.Operation, ran)
	}
}

const (
	mostStatements = 64      // that are kept for an operation
	longStatement  = 8 << 10 // bytes of one that is not kept
)

// statements are those that requests of the operations ran, each text once.
type statements struct {
	mu    sync.RWMutex
	known map[statementOf]bool
	of    map[string][]RanStatement // by operation
}

type statementOf struct{ operation, text string }

func (s *statements) note(operation string, ran RanStatement) {
	if len(ran.Text) > longStatement {
		return
	}
	key := statementOf{operation, ran.Text}
	s.mu.RLock()
	enough := len(s.of[operation]) == mostStatements || s.known[key]
	s.mu.RUnlock()
	if enough {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[key] || len(s.of[operation]) == mostStatements {
		return
	}
	if s.known == nil {
		s.known, s.of = map[statementOf]bool{}, map[string][]RanStatement{}
	}
	s.known[key] = true
	s.of[operation] = append(s.of[operation], ran)
}

// StatementInfo is a statement that a request of an operation ran since the process began.
type StatementInfo struct {
	Text   string   `json:"text" doc:"What was run, with placeholders for its values."`
	Plan   []string `json:"plan,omitzero" doc:"How the database runs it, a line for each step; absent: it does not say."`
	Reason string   `json:"reason,omitzero" doc:"Why there is no plan."`
}

// mostPlanning is how long databases have for the plans of an explanation.
const mostPlanning = 5 * time.Second

// explain asks for the plans of what an operation ran, as far as that is known.
func (s *statements) explain(ctx context.Context, operation string) []StatementInfo {
	s.mu.RLock()
	ran := slices.Clone(s.of[operation])
	s.mu.RUnlock()
	ctx, cancel := context.WithTimeout(ctx, mostPlanning)
	defer cancel()
	var infos []StatementInfo
	for _, st := range ran {
		info := StatementInfo{Text: strings.Join(strings.Fields(st.Text), " ")}
		if st.Database != nil {
			plan, err := st.Database.PlanStatement(ctx, st.Text, st.Values)
			if info.Plan = plan; err != nil {
				info.Reason = err.Error()
			}
		}
		infos = append(infos, info)
	}
	return infos
}
