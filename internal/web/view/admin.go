package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// UserLine is an account in the list.
type UserLine struct {
	ID, Name, Account, Role, Units string
	Clients                        int
	Seen                           civil.Date
	Off                            bool // removed
}

// Users lists the accounts. GET /users.
type Users struct {
	Shell
	Users []UserLine
}

// UserPage adds or changes an account. GET and POST /users/new or /users/{id}: name, user, role, register (many),
// unit (many), duty (worker id of the unit's duty holder who takes over); POST /users/{id}/password; POST /users/{id}/remove.
type UserPage struct {
	Shell
	ID            string // empty: a new account
	Name, Account string
	Roles         []Option // the presets, and several roles that may be kept
	MoreRoles     []Option // the rarer ones
	Registers     []Option
	Units         []Option
	Clients       int    // clients that would move on removal
	Duty          string // duty holder to whom they would move; empty: none, removal is refused
	Password      string // a new password to be told to its owner, shown once; else empty
	Ways          UserWays
	Errors        Errors
}

// Settings of the person. GET and POST /settings: lang, theme (light|dark|""), keys (on|off);
// POST /settings/password: old, password, password2.
type Settings struct {
	Shell
	Duties []DutyLine // units of the person: who takes over; POST /settings/duty: unit
	Errors Errors
}

// Help tells the keys and the promise. GET /help.
type Help struct{ Shell }

// Page is the view.
func (p Users) Page() templ.Component { return users(p) }

// Page is the view.
func (p UserPage) Page() templ.Component { return userPage(p) }

// Page is the view.
func (p Settings) Page() templ.Component { return settings(p) }

// Page is the view.
func (p Help) Page() templ.Component { return help(p) }

func (p Settings) langs() []Option {
	return []Option{{Value: "fi", Text: "Suomi", On: p.Lang == "fi"}, {Value: "sv", Text: "Svenska", On: p.Lang == "sv"}, {Value: "en", Text: "English", On: p.Lang == "en"}}
}

func (p Settings) themes() []Option {
	return []Option{
		{Value: "", Text: p.T("settings.theme_auto"), On: p.Theme == ""},
		{Value: "light", Text: p.T("settings.theme_light"), On: p.Theme == "light"},
		{Value: "dark", Text: p.T("settings.theme_dark"), On: p.Theme == "dark"},
	}
}

func (p Settings) keyChoices() []Option {
	return []Option{{Value: "on", Text: p.T("settings.keys_on"), On: !p.KeysOff}, {Value: "off", Text: p.T("settings.keys_off"), On: p.KeysOff}}
}

func (p UserPage) action() string {
	if p.ID == "" {
		return "/users/new"
	}
	return "/users/" + p.ID
}

func (p UserPage) title() string {
	if p.ID == "" {
		return p.T("users.new")
	}
	return p.Name
}

// keyLine is one key of the help page.
type keyLine struct{ Key, Text string }

func (s Shell) keyLines() []keyLine {
	var all []keyLine
	for _, k := range [][2]string{{"/", "find"}, {"k", "record"}, {"t", "today"}, {"a", "clients"}, {"n", "next"}, {"p", "previous"}, {"?", "help"}, {"Esc", "close"}, {"Ctrl Enter", "save"}} {
		all = append(all, keyLine{k[0], s.T("help.key." + k[1])})
	}
	return all
}
