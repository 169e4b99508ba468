package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/tenon-go/tenon/bench/contenders"
)

func report(rows []*row, answers [][]int, cfg config) string {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("<!-- region: run -->\n")
	fmt.Fprintf(&b, "%s, %s/%s, %s, %s; %d rounds of %v per contender and load.\n\n", runtime.Version(), runtime.GOOS,
		runtime.GOARCH, fmt.Sprintf("%d × %s", runtime.NumCPU(), processor()), time.Now().UTC().Format(time.DateOnly), cfg.rounds, cfg.sample)
	b.WriteString("Contenders: " + versions() + ".\n<!-- endregion: run -->\n")

	b.WriteString("\n## Processor time, as a multiple of hand-written\n\nBelow 1 is faster than hand-written.\n\n<!-- region: ratios -->\n")
	table(&b, rows, func(c, first *cell) string { return strconv.FormatFloat(c.ratio(first), 'f', 2, 64) })
	b.WriteString("<!-- endregion: ratios -->\n\n## Processor time per request, ns\n\nMedian, ± half the distance between the quartiles.\n\n")
	table(&b, rows, func(c, _ *cell) string {
		return fmt.Sprintf("%s ±%.0f %%", thousands(c.median(func(s sample) float64 { return s.ns })), 100*c.spread())
	})
	b.WriteString("## Allocations per request / bytes\n\n<!-- region: allocations -->\n")
	table(&b, rows, func(c, _ *cell) string {
		return thousands(c.median(func(s sample) float64 { return s.allocs })) + " / " +
			thousands(c.median(func(s sample) float64 { return s.bytes }))
	})
	b.WriteString("<!-- endregion: allocations -->\n\n## What each refuses\n\n" + refusals)
	probeTable(&b, answers)
	b.WriteString(differences)
	return b.String()
}

func table(b *strings.Builder, rows []*row, text func(c, first *cell) string) {
	headline(b, "load")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s %s |", r.load.ID, r.load.Name)
		for _, c := range r.cells {
			fmt.Fprintf(b, " %s |", text(c, r.cells[0]))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func probeTable(b *strings.Builder, answers [][]int) {
	headline(b, "request")
	for i, p := range probes() {
		fmt.Fprintf(b, "| %s |", p.name)
		for _, status := range answers[i] {
			switch {
			case status == panicked:
				b.WriteString(" panic |")
			case status < 300:
				b.WriteString(" – |")
			default:
				fmt.Fprintf(b, " %d |", status)
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func headline(b *strings.Builder, first string) {
	b.WriteString("| " + first + " |")
	all := contenders.All()
	for _, c := range all {
		b.WriteString(" " + c.Name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(all)) + "\n")
}

// versions names each contender's module with the version that is linked in.
func versions() string {
	linked := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			linked[m.Path] = m.Version
		}
	}
	var list []string
	for _, c := range contenders.All() {
		if v := linked[c.Module]; v != "" && v != "(devel)" && v != "v0.0.0" { // this repository has no version
			list = append(list, c.Name+" ("+v+")")
			continue
		}
		list = append(list, c.Name)
	}
	if v := linked["github.com/go-playground/validator/v10"]; v != "" {
		list = append(list, "validator for chi, gin, echo, fiber and fuego ("+v+")")
	}
	return strings.Join(list, ", ")
}

func processor() string {
	unknown := strconv.Itoa(runtime.NumCPU()) + " processors"
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return unknown
	}
	defer func() { _ = f.Close() }() // it was only read
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "model name"); ok {
			return strings.TrimLeft(name, "\t :")
		}
	}
	return unknown
}

func thousands(f float64) string {
	s := strconv.FormatFloat(f, 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
