package admit

// Place is that of one request. The zero value is none: every method does nothing then. It is safe for concurrent use once it is
// taken.
type Place struct {
	gate   *Gate
	in     bool
	paused int
	stream bool
}

// Taken reports whether a gate was asked for the place.
func (p *Place) Taken() bool { return p.gate != nil }

// Pause gives the place to others while the request waits for its client, who may take long to send or to read. Resume ends it.
func (p *Place) Pause() {
	if p == nil || p.gate == nil {
		return
	}
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	p.paused++
	if p.in && p.paused == 1 {
		g.inside--
		g.serve()
	}
}

// Resume takes the place again. It does not wait: work that has begun goes on, and others come in later.
func (p *Place) Resume() {
	if p == nil || p.gate == nil {
		return
	}
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	p.paused--
	if p.in && p.paused == 0 {
		g.inside++
	}
}

// Stream gives the place back and counts the request among the streams, until it leaves. It reports false when there are too many.
func (p *Place) Stream() bool {
	if p == nil || p.gate == nil || !p.in {
		return true
	}
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.streams >= g.cfg.Streams {
		return false
	}
	p.out()
	p.stream = true
	g.streams++
	return true
}

// Leave gives the place back.
func (p *Place) Leave() {
	if p == nil || p.gate == nil {
		return
	}
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	p.out()
	if p.stream {
		p.stream = false
		g.streams--
	}
	g.adapt(false)
}

func (p *Place) out() {
	if p.in && p.paused == 0 {
		p.gate.inside--
		p.gate.serve()
	}
	p.in = false
}
