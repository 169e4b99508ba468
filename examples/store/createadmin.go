package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenon-go/tenon/cli"
)

// createAdminCommand makes the command createadmin.
func createAdminCommand() cli.Command[Settings] {
	return cli.Command[Settings]{
		Name: "createadmin", Help: "Make an admin, also of a user who has the address.", New: func() cli.Runner[Settings] { return &createAdmin{} },
	}
}

type createAdmin struct {
	Email string `placeholder:"ADDRESS" help:"E-mail address of the admin; default that of the settings."`
}

// Run makes the admin in the database of the settings, with the password of the settings, or a random one that it prints.
func (c *createAdmin) Run(ctx context.Context, s *cli.Session[Settings]) error {
	admin := s.Config.admin()
	if c.Email != "" {
		admin.Email = c.Email
	}
	if err := admin.check(); err != nil {
		return cli.Exit(cli.ExitUsage, err)
	}
	db, err := s.Config.database(ctx)
	if err != nil {
		return cli.Exit(cli.ExitStart, err)
	}
	email, password, err := MakeAdmin(ctx, db, admin)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.Stdout, email+credentials(password))
	return err
}
