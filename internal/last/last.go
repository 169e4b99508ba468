// Package last marks provided values whose end is about the outcome of all others.
package last

// Finisher is a tenon.Finisher that is finished after all that have no such mark, wherever it stands among them: what it keeps is not kept when the
// end of another fails, such as the commit of a transaction. Those that are marked are finished in the reverse of their order.
type Finisher interface {
	// FinishesLast does nothing.
	FinishesLast(Mark)
}

// Mark keeps others from marking values by accident.
type Mark struct{}
