package cli

import (
	"cmp"
)

type configFlags struct {
	JSON bool `help:"Print JSON." name:"json"`
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
	if flags.JSON {
		return writeJSON(p.Stdout, views)
	}
	return table(p.Stdout, []string{"SETTING", "VALUE", "FROM"}, func(row func(cells ...string)) {
		for _, v := range views {
			row(v.Key, cmp.Or(v.Value, "-"), v.Source)
		}
	})
}
