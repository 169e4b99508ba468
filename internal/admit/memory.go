package admit

import (
	"math"
	"runtime/metrics"
)

// InUse returns how much of GOMEMLIMIT the process holds; 0 where there is no limit. It is called by one goroutine at a time.
func InUse() func() float64 {
	limit := []metrics.Sample{{Name: "/gc/gomemlimit:bytes"}}
	held := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	return func() float64 {
		metrics.Read(limit)
		most := limit[0].Value.Uint64()
		if most == math.MaxInt64 {
			return 0
		}
		metrics.Read(held)
		return float64(held[0].Value.Uint64()-held[1].Value.Uint64()) / float64(most)
	}
}
