package view

import "github.com/a-h/templ"

// PasskeyLine is one of the person's passkeys.
type PasskeyLine struct{ ID, Name, Made, Used string }

// SessionLine is a device that somebody is signed in on.
type SessionLine struct {
	ID, Device, Means, Place, Begun, Seen string
	Here                                  bool // the one in use now
}

// Ways is how the person signs in, and where they are signed in. GET /settings/sign-in; POST /settings/passkeys: name,
// answer; /settings/passkeys/{id}/delete; /settings/totp, /settings/totp/confirm: code, /settings/totp/delete;
// /settings/recovery; /settings/sessions; /settings/sessions/{id}/end.
type Ways struct {
	Shell
	Proved    bool // lately enough to change anything
	MustSetUp bool // a second factor comes before anything else
	Device    string
	Passkeys  []PasskeyLine
	TOTP      bool
	Recovery  int // recovery codes left
	Password  bool
	Sessions  []SessionLine

	QR, Secret string   // a new code generator, shown this once
	Trying     bool     // its first code was wrong: it is asked for again
	Codes      []string // new recovery codes, shown this once
	Errors     Errors
}

// UserWays tells an administrator how somebody signs in. POST /users/{id}/reset, /users/{id}/sessions, /users/{id}/unlink.
type UserWays struct {
	Passkeys, Recovery        int
	TOTP, HasPassword, Linked bool
	Self                      bool // the administrator's own account: no reset by oneself
	Sessions                  []SessionLine

	Code, Second, From, Until string // a reset just made: its code is shown this once
}

// ResetLine is a reset that waits.
type ResetLine struct {
	ID, Worker, By, Made, From, Until string
	Second, Agreed                    string // who else is asked, and who has agreed
	Mine, MayAgree                    bool
}

// Resets lists them. GET /resets; POST /resets/{id}/agree, /resets/{id}/stop.
type Resets struct {
	Shell
	Lines []ResetLine
}

// GroupLine is what a group of the provider gives.
type GroupLine struct{ ID, Group, Role, Place string }

// Groups is what groups give, and whether a second factor is asked for. GET and POST /groups: group, role, unit,
// register; POST /groups/{id}/delete; POST /groups/second: second (on|off).
type Groups struct {
	Shell
	Provider, Issuer, Claim string // empty Issuer: there is no provider
	Lines                   []GroupLine
	Group                   string
	Roles, Units, Registers []Option
	Second                  bool
	Errors                  Errors
}

// Page is the view.
func (p Ways) Page() templ.Component { return ways(p) }

// Page is the view.
func (p Resets) Page() templ.Component { return resets(p) }

// Page is the view.
func (p Groups) Page() templ.Component { return groups(p) }

func (p Groups) seconds() []Option {
	return []Option{{Value: "on", Text: p.T("groups.second_on"), On: p.Second}, {Value: "off", Text: p.T("groups.second_off"), On: !p.Second}}
}

// ways lists how somebody signs in, in words.
func (w UserWays) ways(s Shell) []string {
	var all []string
	if w.Passkeys > 0 {
		all = append(all, s.N("ways.n_passkeys", w.Passkeys))
	}
	if w.Linked {
		all = append(all, s.T("ways.linked"))
	}
	if w.HasPassword {
		all = append(all, s.T("means.password"))
	}
	if w.TOTP {
		all = append(all, s.T("ways.totp"))
	}
	if w.Recovery > 0 {
		all = append(all, s.N("ways.recovery_left", w.Recovery))
	}
	return all
}
