package web

import (
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// userWays tells an administrator how somebody signs in: counts and sessions, no secrets.
func (q *request) userWays(tx *db.Tx, w unit.Worker, p *view.UserPage) error {
	if w.ID == "" || !w.Active {
		return nil
	}
	sh := q.shell(view.NavMore)
	has, err := login.SecondOf(tx, w.ID)
	if err != nil {
		return err
	}
	accounts, err := login.Accounts(tx, w.ID)
	if err != nil {
		return err
	}
	ways := &p.Ways
	ways.Passkeys, ways.TOTP, ways.Recovery, ways.HasPassword, ways.Linked = has.Passkeys, has.TOTP, has.Recovery, has.Password, len(accounts) > 0
	ways.Self = w.ID == q.me.Worker.ID
	ways.Sessions, err = q.sessionLines(tx, sh, w.ID)
	return err
}

// userReset makes a reset's code and shows it this once.
func (q *request) userReset() error {
	id := q.PathValue("id")
	var code string
	var r login.Reset
	err := q.update(func(tx *db.Tx) (err error) {
		code, r, err = login.MakeReset(tx, id)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.userForm(id, err, "")
	}
	if err != nil {
		return err
	}
	sh := q.shell(view.NavMore)
	return q.userFormWith(id, nil, view.UserPage{ID: id, Ways: view.UserWays{Code: code, Second: r.Second, From: q.instant(sh, r.From), Until: q.instant(sh, r.Until)}})
}

func (q *request) userSessions() error {
	id := q.PathValue("id")
	if err := q.update(func(tx *db.Tx) error { return login.EndOthers(tx, id) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.session_ended"})
	return q.redirect("/users/" + id)
}

func (q *request) userUnlink() error {
	id := q.PathValue("id")
	if err := q.update(func(tx *db.Tx) error { return login.Unlink(tx, id) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.unlinked"})
	return q.redirect("/users/" + id)
}

// resetsPage lists the resets that wait and that the person may know of.
func (q *request) resetsPage() error {
	p := view.Resets{Shell: q.shell(view.NavMore)}
	err := q.view(func(tx *db.Tx) error {
		all, err := login.Resets(tx)
		if err != nil {
			return err
		}
		names, err := unit.Names(tx)
		for _, r := range all {
			line := view.ResetLine{ID: r.ID, Worker: names[r.Worker], By: names[r.MadeBy], Made: q.instant(p.Shell, r.Made), From: q.instant(p.Shell, r.From), Until: q.instant(p.Shell, r.Until),
				Mine: r.Worker == tx.Who.Worker, Second: r.Second, Agreed: names[r.AgreedBy]}
			if line.By == "" {
				line.By = q.lang.T("reset.owner")
			}
			line.MayAgree = q.me.Worker.Admin && r.Second == login.SecondAsked && r.AgreedBy == "" && r.MadeBy != tx.Who.Worker && !line.Mine
			p.Lines = append(p.Lines, line)
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.render(p)
}

func (q *request) resetAgree() error {
	return q.resetDone("flash.reset_agreed", func(tx *db.Tx) error { return login.AgreeReset(tx, q.PathValue("id")) })
}

func (q *request) resetStop() error {
	return q.resetDone("flash.reset_stopped", func(tx *db.Tx) error { return login.StopReset(tx, q.PathValue("id")) })
}

func (q *request) resetDone(key string, do func(tx *db.Tx) error) error {
	if err := q.update(do); err != nil {
		return err
	}
	q.say(flash{Key: key})
	return q.redirect("/resets")
}
