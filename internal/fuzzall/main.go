// Command fuzzall runs every fuzz target of the repository that it is started in for a short while, one after the other, and
// reports for a person and for CI: a line for each, the output of those that failed, and last the total. An input that makes a
// target fail is kept by the go command under testdata/fuzz of its package.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"time"

	"github.com/tenon-go/tenon/internal/rules"
)

func main() {
	each := flag.Duration("time", 3*time.Second, "how long each target runs")
	only := flag.String("run", "", "run only the targets whose folder and name match this expression")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *each, *only); err != nil {
		fmt.Fprintln(os.Stderr, "fuzzall:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, each time.Duration, only string) error {
	match, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	tree, err := rules.Load(os.DirFS("."))
	if err != nil {
		return fmt.Errorf("list the targets: %w", err)
	}
	ran, failed := 0, 0
	for _, target := range rules.FuzzTargets(tree) {
		name := target.Dir + " " + target.Name
		if !match.MatchString(name) {
			continue
		}
		start := time.Now()
		text, err := fuzz(ctx, target, each)
		if err == nil && executions(text) == "0" { // a slow machine came no further than the seeds
			text, err = fuzz(ctx, target, 10*each)
		}
		if err != nil && !found(text) { // the go command ran out of time by itself, which says nothing about the target
			text, err = fuzz(ctx, target, each)
		}
		ran++
		if err != nil {
			failed++
			_, _ = fmt.Fprintf(out, "%s\nFAIL  %s: %v\n", text, name, err)
			continue
		}
		_, _ = fmt.Fprintf(out, "ok    %s %.1fs %s executions\n", name, time.Since(start).Seconds(), executions(text))
	}
	_, _ = fmt.Fprintf(out, "%d fuzz targets, %d failed\n", ran, failed)
	if ran == 0 || failed > 0 {
		return fmt.Errorf("%d of %d targets failed", failed, ran)
	}
	return nil
}

// fuzz runs one target and returns what the go command printed.
func fuzz(ctx context.Context, target rules.Fuzz, each time.Duration) ([]byte, error) {
	return exec.CommandContext(ctx, "go", "test", "-run=^$", "-fuzz=^"+target.Name+"$", "-fuzztime="+each.String(), "-fuzzminimizetime=10s",
		"./"+target.Dir).CombinedOutput()
}

// found reports whether the output of the go command names an input that makes the target fail, among the seeds or found now.
func found(text []byte) bool {
	return !bytes.Contains(text, []byte("context deadline exceeded")) || bytes.Contains(text, []byte("Failing input written to"))
}

var execs = regexp.MustCompile(`execs: (\d+)`)

// executions is the last count of executions in the output of the go command.
func executions(text []byte) string {
	all := execs.FindAllSubmatch(text, -1)
	if len(all) == 0 {
		return "0"
	}
	return string(all[len(all)-1][1])
}
