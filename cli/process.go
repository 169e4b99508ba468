package cli

import (
	"math"
	"os"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
)

// limitMemory keeps the garbage collector below nine tenths of what the process may have, where its cgroup says how much that is and
// GOMEMLIMIT does not say otherwise.
func limitMemory(env map[string]string) {
	if env["GOMEMLIMIT"] != "" {
		return
	}
	if most := cgroupMemory(os.ReadFile); most > 0 {
		debug.SetMemoryLimit(most / 10 * 9)
	}
}

// cgroupMemory is the least limit of the cgroup of the process and of those around it (cgroup v2); 0 is none.
func cgroupMemory(read func(name string) ([]byte, error)) int64 {
	text, err := read("/proc/self/cgroup")
	if err != nil {
		return 0
	}
	_, dir, ok := strings.Cut(strings.TrimSpace(string(text)), "0::")
	if !ok {
		return 0
	}
	least := int64(math.MaxInt64)
	for dir = path.Clean("/" + dir); ; dir = path.Dir(dir) {
		limit, err := read(path.Join("/sys/fs/cgroup", dir, "memory.max"))
		if n, parseErr := strconv.ParseInt(strings.TrimSpace(string(limit)), 10, 64); err == nil && parseErr == nil && n > 0 {
			least = min(least, n)
		}
		if dir == "/" {
			break
		}
	}
	if least == math.MaxInt64 {
		return 0
	}
	return least
}

// openFiles is how many files the process may open; 0 is not known.
func openFiles() uint64 {
	text, err := os.ReadFile("/proc/self/limits")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Max open files"); ok {
			if words := strings.Fields(rest); len(words) > 0 {
				n, _ := strconv.ParseUint(words[0], 10, 64)
				return n
			}
		}
	}
	return 0
}
