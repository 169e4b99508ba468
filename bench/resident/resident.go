// Package resident tells how much memory of this process was resident at most.
package resident

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Forget lets the most resident memory of the process count from now on (Linux, proc(5)).
func Forget() error { return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// Peak is the most resident memory of the process, in bytes.
func Peak() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("VmHWM: %w", err)
			}
			return kib << 10, nil
		}
	}
	return 0, errors.New("the system does not tell the most resident memory")
}
