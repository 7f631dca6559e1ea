package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/user"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"polku/internal/i18n"
)

// usageWords are the fixed words of kong's help pages, and the catalogue keys that say the same.
var usageWords = []struct{ kong, key string }{
	{`Run "polku <command> --help" for more information on a command.`, "cli.help_more"},
	{"Usage: ", "cli.help_usage"},
	{"Flags:\n", "cli.help_flags"},
	{"Arguments:\n", "cli.help_arguments"},
	{"Commands:\n", "cli.help_commands"},
	{"<command>", "cli.help_command"},
	{"[flags]", "cli.help_flag"},
}

// printHelp prints kong's help page with its own words in the user's language. kong has them in its code only, so
// the page is taken as it is and the words are put in place of one another.
func printHelp(env *Env) kong.HelpPrinter {
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		var page bytes.Buffer
		ctx.Stdout = &page
		err := kong.DefaultHelpPrinter(options, ctx)
		ctx.Stdout = env.Out
		if err != nil {
			return err
		}
		var pairs []string
		for _, w := range usageWords {
			pairs = append(pairs, w.kong, env.Lang.T(w.key))
		}
		_, err = fmt.Fprint(env.Out, strings.NewReplacer(pairs...).Replace(page.String()))
		return err
	}
}

// parseErrors are what kong says of a command line that it does not understand, and the catalogue keys that say the
// same; {1}, {2} … are the parts in brackets.
var parseErrors = []struct {
	kong *regexp.Regexp
	key  string
}{
	{regexp.MustCompile(`^unknown flag (\S+), did you mean (?:one of )?(.+)\?$`), "cli.parse.flag_like"},
	{regexp.MustCompile(`^unknown flag (\S+)$`), "cli.parse.flag"},
	{regexp.MustCompile(`^unexpected argument (.+), did you mean (?:one of )?(.+)\?$`), "cli.parse.argument_like"},
	{regexp.MustCompile(`^unexpected argument (.+)$`), "cli.parse.argument"},
	{regexp.MustCompile(`^missing flags: (.+)$`), "cli.parse.missing"},
	{regexp.MustCompile(`^expected one of (.+)$`), "cli.parse.one_of"},
	{regexp.MustCompile(`^expected (.+)$`), "cli.parse.expected"},
	{regexp.MustCompile(`^(\S+) must be one of (.+) but got (.+)$`), "cli.parse.enum"},
	{regexp.MustCompile(`^(--[a-z-]+): expected .*(?:int|float) but got (.+?)(?: \(.*\))?$`), "cli.parse.number"},
}

// sayParseError tells in the user's language what is wrong with a command line. What kong may say beside the list
// above, which has what our commands can meet, stays in its English.
func sayParseError(lang i18n.Lang, err error) string {
	for _, p := range parseErrors {
		if m := p.kong.FindStringSubmatch(err.Error()); m != nil {
			var args []any
			for i, part := range m {
				args = append(args, fmt.Sprint(i), part)
			}
			return lang.T(p.key, args...)
		}
	}
	return err.Error()
}

// osUser is the user of the machine who gave the command, for the logs: behind sudo, who asked for it.
func osUser() string {
	name := "?"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if behind := os.Getenv("SUDO_USER"); behind != "" && behind != name {
		name = behind + " as " + name
	}
	return name
}
