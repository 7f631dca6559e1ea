package web

import (
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
)

// onCase runs a command on the client and path that the URL names.
func (q *request) onCase(fn func(tx *db.Tx, o onePath) error) (onePath, error) {
	return q.onCaseBy(q.update, fn)
}

// onJournal is onCase for a command that rests on nothing but what is in the client's journal and ends with one append to
// the path: it is thought through beside others, before its turn to write.
func (q *request) onJournal(fn func(tx *db.Tx, o onePath) error) (onePath, error) {
	return q.onCaseBy(func(fn func(tx *db.Tx) error) error { return q.s.DB.UpdateAhead(q.Context(), q.who, fn) }, fn)
}

func (q *request) onCaseBy(update func(fn func(tx *db.Tx) error) error, fn func(tx *db.Tx, o onePath) error) (onePath, error) {
	var o onePath
	err := update(func(tx *db.Tx) error {
		var err error
		if o, err = q.reach(tx); err != nil {
			return err
		}
		return fn(tx, o)
	})
	return o, err
}

func (q *request) taskDone() error {
	return q.endTask(q.PathValue("id"), q.PostFormValue("task"), entry.Done, "", "")
}

func (q *request) taskEnd() error {
	return q.endTask(q.PathValue("id"), q.PostFormValue("task"), entry.TaskOutcome(q.PostFormValue("outcome")), q.PostFormValue("why"), "")
}

// endTask ends a task and goes back. When that would leave the client without a next step, the record form
// asks for one: nobody is left hanging, and nobody is told "no" without being shown the way.
func (q *request) endTask(id, task string, outcome entry.TaskOutcome, why, back string) error {
	switch outcome {
	case entry.Done, entry.CouldNot, entry.Dropped:
	default:
		return fault.E(fault.Invalid, "error.invalid", nil)
	}
	q.SetPathValue("id", id)
	o, err := q.onJournal(func(tx *db.Tx, o onePath) error {
		_, err := q.s.Book.EndTask(tx, o.path.ID, task, outcome, why, nil)
		return err
	})
	if f, is := err.(*fault.Error); is && f.Key == "promise.no_next_step" {
		q.say(flash{Key: "flash.needs_step"})
		return q.redirect("/c/" + id + "/record")
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.task_ended"})
	if back == "" {
		back = "/c/" + o.id
	}
	return q.redirect(back)
}

func (q *request) excuse() error {
	o, err := q.onJournal(func(tx *db.Tx, o onePath) error {
		_, err := q.s.Book.Excuse(tx, o.path.ID, q.PostFormValue("duty"), q.PostFormValue("waived") == "1", q.PostFormValue("why"))
		return err
	})
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.excused"})
	return q.redirect("/c/" + o.id)
}

// undo takes back what was just recorded.
func (q *request) undo() error {
	o, err := q.onJournal(func(tx *db.Tx, o onePath) error {
		_, err := q.s.Book.Undo(tx, o.path.ID, path.RecordParts(q.PostFormValue("entry"))...)
		return err
	})
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.undone"})
	return q.redirect("/c/" + o.id)
}
