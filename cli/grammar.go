package cli

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/tenon-go/tenon/internal/settings"
)

// helped ends the parser after it has printed its help.
type helped struct{}

// parse reads the command line: the command that was chosen and the texts of the settings that were given as flags. A nil command
// has printed its help.
func (p *program) parse() (chosen *command, flags map[string][]string, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(helped); !ok {
				panic(r)
			}
			chosen, err = nil, nil
		}
	}()
	root := p.flags()
	options := []kong.Option{
		kong.Name(p.name), kong.Description(p.description), kong.Writers(p.Stdout, p.Stderr), kong.Exit(func(int) { panic(helped{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.ExplicitGroups([]kong.Group{{Key: settingsGroup, Title: "Settings:", Description: p.precedence()}}),
	}
	commands := append(p.builtin(), p.commands...)
	for _, c := range commands {
		options = append(options, kong.DynamicCommand(c.name, c.help, "", c.grammar))
	}
	parser, err := kong.New(root.Addr().Interface(), options...)
	if err != nil {
		return nil, nil, fmt.Errorf("cli: %w", err)
	}
	parsed, err := parser.Parse(p.Args)
	if err != nil {
		return nil, nil, fmt.Errorf("%w (see %s --help)", err, p.name)
	}
	c := find(commands, strings.Fields(parsed.Command()))
	if c == nil || c.run == nil {
		return nil, nil, errors.New("cli: no command was chosen")
	}
	return c, given(root, p.schema), nil
}

// group makes the grammar of a command that has commands below it: a struct with a field for each, which holds what the grammar of that
// command held.
func (c *command) group() {
	fields := make([]reflect.StructField, len(c.commands))
	for i, sub := range c.commands {
		fields[i] = reflect.StructField{
			Name: "C" + strconv.Itoa(i), Type: reflect.TypeOf(sub.grammar).Elem(),
			Tag: reflect.StructTag(fmt.Sprintf("cmd:\"\" name:%q help:%q", sub.name, sub.help)),
		}
	}
	all := reflect.New(reflect.StructOf(fields))
	for i, sub := range c.commands {
		sub.move(all.Elem().Field(i))
	}
	c.grammar = all.Interface()
}

// move moves the grammar of a command, and of those below it, to another place.
func (c *command) move(to reflect.Value) {
	to.Set(reflect.ValueOf(c.grammar).Elem())
	c.grammar = to.Addr().Interface()
	for i, sub := range c.commands {
		sub.move(to.Field(i))
	}
}

const settingsGroup = "settings"

// precedence says in the help where settings come from.
func (p *program) precedence() string {
	return fmt.Sprintf("A flag wins over its variable (%sADDR for --addr), that over the file, and that over the default.", p.prefix())
}

// flags makes a struct with a field for each setting that can be a flag. They take any text: what a setting may be is judged with all
// the others.
func (p *program) flags() reflect.Value {
	fields := []reflect.StructField{{
		Name: "Config", Type: reflect.TypeFor[[]string](),
		Tag: tagOf("config", "FILE", fmt.Sprintf("File of settings, as JSON ($%sCONFIG).", p.prefix())),
	}}
	for i, f := range p.schema.Fields {
		if f.Flag == "" {
			continue
		}
		typ := reflect.TypeFor[[]string]()
		if f.Bool {
			typ = reflect.TypeFor[*bool]()
		}
		fields = append(fields, reflect.StructField{
			Name: "F" + strconv.Itoa(i), Type: typ, Tag: tagOf(f.Flag, f.Placeholder, help(f)),
		})
	}
	return reflect.New(reflect.StructOf(fields)).Elem()
}

func help(f *settings.Field) string {
	text := f.Doc
	if f.Enum != nil {
		text += " One of " + strings.Join(f.Enum, ", ") + "."
	}
	if f.Default != "" {
		return fmt.Sprintf("%s (%s, $%s)", text, f.Default, f.Env)
	}
	return fmt.Sprintf("%s ($%s)", text, f.Env)
}

func tagOf(name, placeholder, help string) reflect.StructTag {
	if placeholder == "" {
		placeholder = strings.ToUpper(name[strings.LastIndexByte(name, '-')+1:])
	}
	return reflect.StructTag(fmt.Sprintf("name:%q placeholder:%q help:%q group:%q sep:\"none\"",
		name, placeholder, strings.ReplaceAll(help, "$", "$$"), settingsGroup))
}

// given is the texts of the flags that were on the command line.
func given(root reflect.Value, schema *settings.Schema) map[string][]string {
	flags := map[string][]string{}
	for i := range root.NumField() {
		name := "config"
		if number, ok := strings.CutPrefix(root.Type().Field(i).Name, "F"); ok {
			index, _ := strconv.Atoi(number) // a field that flags made
			name = schema.Fields[index].Flag
		}
		switch v := root.Field(i).Interface().(type) {
		case []string:
			if v != nil {
				flags[name] = v
			}
		case *bool:
			if v != nil {
				flags[name] = []string{strconv.FormatBool(*v)}
			}
		}
	}
	return flags
}
