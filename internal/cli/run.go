package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"polku/internal/fault"
	"polku/internal/i18n"
)

// commands is the whole command line. Help texts stand in the catalogue: cli.help.<command> and cli.flag.<flag>.
type commands struct {
	Serve     ServeCmd     `cmd:""`
	Demo      DemoCmd      `cmd:""`
	Dev       DevCmd       `cmd:""`
	Setup     SetupCmd     `cmd:""`
	User      UserCmd      `cmd:""`
	Import    ImportCmd    `cmd:""`
	Export    ExportCmd    `cmd:""`
	Load      LoadCmd      `cmd:"" name:"caseload"`
	Verify    VerifyCmd    `cmd:""`
	Log       LogCmd       `cmd:""`
	Keys      KeysCmd      `cmd:""`
	Retention RetentionCmd `cmd:""`
	Approval  ApprovalCmd  `cmd:""`
	Breach    BreachCmd    `cmd:""`
	Transfer  TransferCmd  `cmd:""`
	Backup    BackupCmd    `cmd:""`
	Restore   RestoreCmd   `cmd:""`
	Migrate   MigrateCmd   `cmd:""`
	Model     ModelCmd     `cmd:""`
	Rules     RulesCmd     `cmd:""`
	Pathway   PathwayCmd   `cmd:""`
	Bench     BenchCmd     `cmd:""`
	Torture   TortureCmd   `cmd:""`
	Version   VersionCmd   `cmd:""`
}

// Run carries out one command line and gives the exit status: 0 all well; 1 what was checked has mistakes; 2 the
// command was not understood or could not be carried out. Errors are one line on env.Err in the user's language.
func Run(args []string, env *Env) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return run(ctx, args, env)
}

// leave is what kong's exit throws, so that --help ends the command and not the program.
type leave int

func run(ctx context.Context, args []string, env *Env) (status int) {
	args, env.Lang = takeLang(args, env.Lang)
	defer func() {
		if r := recover(); r != nil {
			code, ours := r.(leave)
			if !ours {
				panic(r)
			}
			status = int(code)
		}
	}()
	parser, err := kong.New(&commands{}, kong.Name("polku"), kong.Description(env.Lang.T("cli.description")), kong.Writers(env.Out, env.Err),
		kong.Exit(func(code int) { panic(leave(code)) }), kong.Bind(env), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 110}), kong.Help(printHelp(env)))
	if err != nil {
		panic(err) // the commands themselves are wrong: a test builds them
	}
	translate(parser.Model.Node, env.Lang)
	if len(args) == 0 {
		args = []string{"--help"}
	}
	line, err := parser.Parse(args)
	if err == nil {
		err = line.Run()
		return report(env, err)
	}
	fmt.Fprintln(env.Err, "polku: "+env.Lang.T("cli.usage", "what", sayParseError(env.Lang, err)))
	return 2
}

// takeLang takes --lang out of the arguments, wherever it stands. "model show" has a --lang of its own, for the
// page and not for messages.
func takeLang(args []string, lang i18n.Lang) ([]string, i18n.Lang) {
	if len(args) > 1 && args[0] == "model" && args[1] == "show" {
		return args, lang
	}
	var rest []string
	for i := 0; i < len(args); i++ {
		switch value, joined := strings.CutPrefix(args[i], "--lang="); {
		case joined:
			lang = i18n.ParseLang(value)
		case args[i] == "--lang" && i+1 < len(args):
			i++
			lang = i18n.ParseLang(args[i])
		default:
			rest = append(rest, args[i])
		}
	}
	return rest, lang
}

// translate gives every command, flag and argument its help in the user's language.
func translate(node *kong.Node, lang i18n.Lang) {
	for _, f := range node.Flags {
		f.Help = helpOf(lang, "cli.flag.", node, f.Name)
	}
	for _, p := range node.Positional {
		p.Help = helpOf(lang, "cli.arg.", node, p.Name)
	}
	for _, child := range node.Children {
		if key := "cli.help." + dotted(child); i18n.Has(key) {
			child.Help = lang.T(key)
		}
		translate(child, lang)
	}
}

// helpOf gives what a flag or argument means: of this command (cli.flag.setup.unit.name), or anywhere (cli.flag.name).
func helpOf(lang i18n.Lang, prefix string, node *kong.Node, name string) string {
	for _, key := range []string{prefix + dotted(node) + "." + name, prefix + name} {
		if i18n.Has(key) {
			return lang.T(key)
		}
	}
	return ""
}

func dotted(node *kong.Node) string {
	var words []string
	for n := node; n.Parent != nil; n = n.Parent {
		words = append([]string{n.Name}, words...)
	}
	return strings.Join(words, ".")
}

// report prints an error in one line and gives the exit status.
func report(env *Env, err error) int {
	var exit Exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return int(exit)
	}
	fmt.Fprintln(env.Err, "polku: "+Say(env.Lang, err))
	return 2
}

// Say tells an error in one line: what is wrong, where, how to mend it. What a driver or the machine said stays
// out: it may hold a password or somebody's data.
func Say(lang i18n.Lang, err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		if errors.Is(err, context.Canceled) || errors.Is(err, io.ErrUnexpectedEOF) {
			return lang.T("cli.stopped")
		}
		return lang.T("cli.failed", "what", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	text := lang.Map(f.Key, f.Args)
	if !i18n.Has(f.Key) {
		text = lang.T("cli.fault", "kind", lang.T("cli.kind."+strings.ReplaceAll(f.Kind.String(), " ", "_")), "key", f.Key)
	}
	if len(f.Fields) == 0 {
		return text
	}
	var parts []string
	for _, field := range fieldsInOrder(f.Fields) {
		parts = append(parts, field+": "+lang.T(f.Fields[field]))
	}
	return strings.Join(parts, " ")
}
