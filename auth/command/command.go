// Package command has the commands of a service that are about who calls:
//
//	cli.Service[Settings]{
//		Name:     "store",
//		Build:    build,
//		Commands: []cli.Command[Settings]{command.Keygen[Settings](), command.Access[Settings]()},
//	}
package command

import (
	"context"
	"fmt"
	"io"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/cli"
)

// Keygen makes the command keygen, which prints a new root key.
func Keygen[C any]() cli.Command[C] {
	return cli.Command[C]{Name: "keygen", Help: "Print a new root key, drawn at random.", New: func() cli.Runner[C] { return &keygen[C]{} }}
}

type keygen[C any] struct{}

// Run prints the key.
func (*keygen[C]) Run(_ context.Context, s *cli.Session[C]) error {
	_, err := fmt.Fprintln(s.Stdout, auth.GenerateRoot())
	return err
}

// Access makes the command access, which prints auth.Matrix: who may call what.
func Access[C any]() cli.Command[C] {
	return cli.Command[C]{Name: "access", Help: "Print who may call what.", New: func() cli.Runner[C] { return &access[C]{} }}
}

type access[C any] struct{}

// Run prints the matrix.
func (*access[C]) Run(ctx context.Context, s *cli.Session[C]) error {
	app, err := s.App(ctx)
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.Stdout, auth.Matrix(app).String())
	return err
}
