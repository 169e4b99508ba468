package admit

import (
	"runtime"
	"runtime/metrics"
)

// Runnable returns how many goroutines of the process wait for each processor. It is called by one goroutine at a time.
func Runnable() func() float64 {
	sample := []metrics.Sample{{Name: "/sched/goroutines/runnable:goroutines"}}
	return func() float64 {
		metrics.Read(sample)
		if sample[0].Value.Kind() != metrics.KindUint64 {
			return 0
		}
		return float64(sample[0].Value.Uint64()) / float64(runtime.GOMAXPROCS(0))
	}
}
