package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

type configFlags struct {
	JSON     bool `help:"Print JSON." name:"json"`
	Markdown bool `help:"Print a table of all settings for a page, without their values."`
}

// settingView is a setting as the command config shows it.
type settingView struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

// showConfig prints the settings.
func (p *program) showConfig(flags *configFlags) error {
	views := make([]settingView, 0, len(p.settings))
	for _, s := range p.settings {
		views = append(views, settingView{s.Key, s.Value, cmp.Or(s.Source, "default")})
	}
	if flags.Markdown {
		return p.settingsTable()
	}
	if flags.JSON {
		return writeJSON(p.Stdout, views)
	}
	return table(p.Stdout, []string{"SETTING", "VALUE", "FROM"}, func(row func(cells ...string)) {
		for _, v := range views {
			row(v.Key, cmp.Or(v.Value, "-"), v.Source)
		}
	})
}

// settingsTable prints a table of all settings for a page.
func (p *program) settingsTable() error {
	var b strings.Builder
	b.WriteString("| key | flag | variable | default | |\n|---|---|---|---|---|\n")
	code := func(text string) string {
		if text == "" {
			return ""
		}
		return "`" + text + "`"
	}
	for _, f := range p.schema.Fields {
		flag, variable := "", code(f.Env)
		if f.Flag != "" {
			flag = "--" + f.Flag
		}
		if f.Secret {
			variable += " or " + code(f.Env+"_FILE")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", code(f.Key), code(flag), variable, code(f.Default), strings.ReplaceAll(f.Doc, "|", "\\|"))
	}
	_, err := io.WriteString(p.Stdout, b.String())
	return err
}
