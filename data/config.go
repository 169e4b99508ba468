package data

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"time"
)

// Config sets up a database. The zero value is safe.
type Config struct {
	// Migrations holds SQL files in goose's form at its top level, such as 0001_users.sql. Those not yet applied are
	// applied by Open, in the order of their numbers. Default: none.
	Migrations fs.FS
	// Readers is the number of connections that read at the same time, 1..1000. Default: twice the cores, at least 4.
	Readers int
	// BusyTimeout is how long a statement waits for a lock that another process holds, up to one hour. Default: 5 s.
	BusyTimeout time.Duration
}

func (c Config) check() error {
	var errs []error
	if c.Readers < 0 || c.Readers > 1000 {
		errs = append(errs, fmt.Errorf("config: Readers is %d, want 0..1000", c.Readers))
	}
	if c.BusyTimeout < 0 || c.BusyTimeout > time.Hour {
		errs = append(errs, fmt.Errorf("config: BusyTimeout is %v, want 0..1h", c.BusyTimeout))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Readers == 0 {
		c.Readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	if c.BusyTimeout == 0 {
		c.BusyTimeout = 5 * time.Second
	}
	return c
}
