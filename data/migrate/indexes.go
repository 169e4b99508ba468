package migrate

import (
	"slices"

	checks "github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/data"
)

// CheckIndexes is the check D001 without a database, for Service.Checks: each column that clients may filter and order by has an index that begins with
// it, by the tags of the models, and what orders is NOT NULL. (Foreign keys without one are faults of the models.) Indexes that were written by hand, such
// as those of trigrams, are not known here: name such a column in Without or Scans.
func CheckIndexes(models []data.Model, cfg data.Indexes) checks.Check {
	c := data.CheckIndexes(nil, data.Indexes{})
	c.Find = func(*checks.Subject) []checks.Place {
		all, err := tables(models, postgresEngine)
		if err != nil {
			return []checks.Place{{Where: "models", What: err.Error()}}
		}
		var places []checks.Place
		for _, offer := range cfg.Offered {
			for _, o := range offer {
				place := checks.Place{Where: o.Table + "." + o.Column, What: lacks(all, o)}
				if place.What != "" && !cfg.Accepts(o) && !slices.Contains(places, place) {
					places = append(places, place)
				}
			}
		}
		return places
	}
	return c
}

// lacks is what a column lacks by the models.
func lacks(all []*table, o data.Offered) string {
	i := slices.IndexFunc(all, func(t *table) bool { return t.name == o.Table })
	if i < 0 {
		return o.Lacks(false, false, false)
	}
	t := all[i]
	null := slices.ContainsFunc(t.columns, func(c column) bool { return c.name == o.Column && c.null })
	return o.Lacks(t.leads(o.Column), false, null)
}
