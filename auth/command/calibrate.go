package command

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/cli"
)

// Calibrate makes the command calibrate, which hashes a password with growing costs on the machine where it runs, and prints the password.Config of the most
// that takes no longer than --target. It never says less than OWASP asks, which is the default of password.Config, however long that takes. One hash at a time
// is timed, on a machine that should have nothing else to do.
func Calibrate[C any]() cli.Command[C] {
	return cli.Command[C]{
		Name: "calibrate", Help: "Print what a hash of a password may cost on this machine.", New: func() cli.Runner[C] { return &calibrate[C]{} },
	}
}

type calibrate[C any] struct {
	Target time.Duration `default:"100ms" help:"How long one hash may take."`
}

// costs are those that are tried, in KiB and passes, each more than the one before.
var costs = []password.Config{
	{Memory: 19 << 10, Passes: 2}, {Memory: 32 << 10, Passes: 2}, {Memory: 46 << 10, Passes: 2}, {Memory: 64 << 10, Passes: 2}, {Memory: 64 << 10, Passes: 3},
	{Memory: 96 << 10, Passes: 3}, {Memory: 128 << 10, Passes: 3}, {Memory: 128 << 10, Passes: 4},
}

// Run times the costs and prints each, and then the configuration.
func (c *calibrate[C]) Run(ctx context.Context, s *cli.Session[C]) error {
	if c.Target <= 0 {
		return cli.Exit(cli.ExitUsage, fmt.Errorf("--target is %v, want more than 0", c.Target))
	}
	best := costs[0]
	for i, cost := range costs {
		took, err := timed(ctx, cost)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(s.Stdout, "%6d KiB, %d passes: %v\n", cost.Memory, cost.Passes, took.Round(100*time.Microsecond)); err != nil {
			return err
		}
		if took > c.Target {
			if i == 0 {
				_, _ = fmt.Fprintln(s.Stderr, "The least that OWASP asks takes longer than that here; it is no reason for less.")
			}
			break
		}
		best = cost
	}
	_, err := fmt.Fprintf(s.Stdout, "password.Config{Memory: %d, Passes: %d}\n", best.Memory, best.Passes)
	return err
}

// timed is the median of three hashes, after one that is not counted.
func timed(ctx context.Context, cost password.Config) (time.Duration, error) {
	hasher, err := password.New(password.Config{Memory: cost.Memory, Passes: cost.Passes, Working: 1})
	if err != nil {
		return 0, err
	}
	var took []time.Duration
	for range 4 {
		begin := time.Now()
		if _, err := hasher.Hash(ctx, tenon.NewSecret("correct horse battery staple")); err != nil {
			return 0, err
		}
		took = append(took, time.Since(begin))
	}
	took = took[1:]
	slices.Sort(took)
	return took[1], nil
}
