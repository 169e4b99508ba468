package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/tenon-go/tenon"
)

type explainFlags struct {
	Method string         `arg:"" help:"Method of the request, such as GET."`
	Target string         `arg:"" help:"Path of the request, such as /users/7; a query is left aside."`
	Header []string       `short:"H" placeholder:"NAME: VALUE" sep:"none" help:"Field of the header, where it names the version."`
	As     []tenon.Caller `placeholder:"CALLER" sep:"none" help:"Tell what becomes of a caller: nobody, or words such as admin, scope=notes:read."`
	JSON   bool           `name:"json" help:"Print JSON."`
}

// explain prints what a request would meet, without running anything of it.
func (p *program) explain(ctx context.Context, flags *explainFlags) error {
	app, err := p.compiled(ctx)
	if err != nil {
		return err
	}
	request, err := flags.request(ctx)
	if err != nil {
		return failed(ExitUsage, err)
	}
	e, err := app.Explain(request, flags.As...)
	if err != nil {
		return err
	}
	if flags.JSON {
		err = writeJSON(p.Stdout, e)
	} else {
		_, err = io.WriteString(p.Stdout, e.String())
	}
	if err == nil && e.Pattern == "" {
		err = fmt.Errorf("no route takes %s %s", e.Method, e.Path)
	}
	return err
}

func (f *explainFlags) request(ctx context.Context) (*http.Request, error) {
	if !strings.HasPrefix(f.Target, "/") {
		return nil, errors.New("the path begins with a slash")
	}
	r, err := http.NewRequestWithContext(ctx, strings.ToUpper(f.Method), "http://localhost"+f.Target, http.NoBody)
	if err != nil {
		return nil, err
	}
	for _, field := range f.Header {
		name, value, ok := strings.Cut(field, ":")
		if !ok {
			return nil, fmt.Errorf("the field %q has no colon", field)
		}
		r.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	return r, nil
}
