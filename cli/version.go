package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// showVersion prints what the build says of the program.
func (p *program) showVersion() error {
	version, revision, changed := "(unknown)", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version = cmp.Or(info.Main.Version, version)
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = ", changed"
			}
		}
	}
	_, err := fmt.Fprintf(p.Stdout, "%s %s\n", p.name, cmp.Or(p.version, version))
	if revision != "" && err == nil {
		_, err = fmt.Fprintf(p.Stdout, "revision %s%s\n", revision, changed)
	}
	if err == nil {
		_, err = fmt.Fprintf(p.Stdout, "%s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	}
	return err
}
