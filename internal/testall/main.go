// Command testall runs go test with the arguments it is given and reports for a person and for CI: the output of what
// failed, every skipped test with its reason, and last one line with the totals. With CI=true a skipped test is a failure.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	cmd := exec.CommandContext(context.Background(), "go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testall:", err)
		os.Exit(1)
	}
	r := newReport(os.Stdout)
	readErr := r.read(out)
	if readErr != nil {
		fmt.Fprintln(os.Stderr, "testall:", readErr)
		_, _ = io.Copy(io.Discard, out)
	}
	runErr := cmd.Wait()
	good := r.finish(os.Getenv("CI") == "true")
	if !good || readErr != nil || runErr != nil {
		os.Exit(1)
	}
}
