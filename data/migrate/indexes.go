package migrate

import (
	"slices"

	checks "github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/data"
)

// CheckIndexes is the check D001 without a database, for Service.Checks: each column that clients may filter and order by has an index that begins with
// it, by the tags of the models. (Foreign keys without one are faults of the models.) Indexes that were written by hand are not known here:
// name such a column in Without.
func CheckIndexes(models []data.Model, cfg data.Indexes) checks.Check {
	c := data.CheckIndexes(nil, data.Indexes{})
	c.Find = func(*checks.Subject) []checks.Place {
		all, err := tables(models, postgresEngine)
		if err != nil {
			return []checks.Place{{Where: "models", What: err.Error()}}
		}
		var places []checks.Place
		for _, o := range cfg.Offered {
			name, columns := o.Names()
			i := slices.IndexFunc(all, func(t *table) bool { return t.name == name })
			for _, column := range columns {
				if _, accepted := cfg.Without[name+"."+column]; !accepted && (i < 0 || !all[i].leads(column)) {
					places = append(places, checks.Place{
						Where: name + "." + column, What: "clients may filter or order by it, and no index of the models begins with it",
					})
				}
			}
		}
		return places
	}
	return c
}
