package accounts_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/data/migrate"
)

type settings struct {
	cli.Server

	DB string `default:"sqlite:x.db"`
}

func command() cli.Service[settings] {
	return cli.Service[settings]{
		Name:  "people",
		Build: func(context.Context, *settings) (*tenon.App, error) { return tenon.New(tenon.Config{}), nil },
		Commands: []cli.Command[settings]{migrate.Command(func(s *settings) migrate.Config {
			return migrate.Config{
				Source: s.DB, Data: data.Config{Migrations: migrations()}, Models: append(accounts.Models(), people), Dir: "testdata/migrations",
			}
		})},
	}
}

func TestModelsAndMigrationsAgree(t *testing.T) {
	t.Parallel()
	dev := datatest.PostgresURL(t, nil)
	for _, db := range []string{"sqlite:" + filepath.Join(t.TempDir(), "people.db"), datatest.PostgresURL(t, nil)} {
		for _, args := range [][]string{{"migrate", "up"}, {"migrate", "check", "--dev", dev}, {"migrate", "down", "--to=0"}} {
			var out bytes.Buffer
			code := command().Run(t.Context(), cli.Process{Args: args, Env: append(os.Environ(), "PEOPLE_DB="+db), Stdout: &out, Stderr: &out})
			if code != cli.ExitOK {
				t.Fatalf("%v: %d\n%s", args, code, out.String())
			}
		}
	}
}
