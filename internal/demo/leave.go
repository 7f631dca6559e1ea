package demo

import (
	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/model"
)

// schedulePast plans what is known beforehand: hand-off, pause or absence, an early leaving.
func (k *walk) schedulePast() {
	if k.p.handoff != 0 {
		k.always(k.p.handoff, k.handOver)
	}
	if k.p.away != 0 {
		k.p.away = k.workday(k.p.away)
		k.p.back = k.workday(k.p.back)
		k.always(k.p.away, k.goAway)
		k.always(k.p.back, k.comeBack)
	}
	if k.p.leaves != 0 {
		k.always(k.p.leaves, func(day civil.Date) { k.leave(day, k.p.exit) })
	}
}

// handOver hands the client over to the one who is responsible today.
func (k *walk) handOver(day civil.Date) {
	if k.over || k.waiting {
		return
	}
	from, to, why := workerID(k.responsible), workerID(k.p.worker), k.say("handoff")
	id := ident.Of(k.pathID, "handoff")
	k.add(day, 13*60, 0, "", &entry.Handoff{Handoff: id, Step: entry.HandoffOffered, From: from, To: to, Why: why}).ID = id
	k.always(day+1, func(day civil.Date) {
		if k.over {
			return
		}
		k.addBy(k.p.worker, day, 10*60, 0, "", &entry.Handoff{Handoff: id, Step: entry.HandoffAccepted, From: from, To: to, Why: why})
		k.responsible, k.firstTime = k.p.worker, id
	})
}

func (k *walk) goAway(day civil.Date) {
	if k.over || k.waiting {
		k.p.away, k.p.back = 0, 0
		return
	}
	if k.p.left {
		k.endStep(day)
		k.add(day, 14*60, 0, "", &entry.Exit{Step: entry.ExitDone, To: "withdrew", Text: k.say("exit_withdrew")})
		return
	}
	k.add(day, 14*60, 0, "", &entry.Pause{Why: k.say("pause"), Check: k.p.back})
}

func (k *walk) comeBack(day civil.Date) {
	if k.over || day != k.p.back {
		return
	}
	if k.p.left {
		k.add(day, 9*60, 0, "", &entry.Reopen{Why: k.say("reopen")})
		k.add(day, 9*60, 0, "", &entry.Relation{Worker: workerID(k.responsible), Role: entry.Responsible})
	} else {
		k.add(day, 9*60, 0, "", &entry.Resume{Why: k.say("resume")})
	}
	k.until += k.p.back - k.p.away
	k.setStep(day, "")
}

// leave ends the path, or asks the receiver first where the destination wants one.
func (k *walk) leave(day civil.Date, to string) {
	x := k.m.Exit(to)
	if x == nil || k.over || k.waiting {
		return
	}
	if !x.Receiver {
		k.close(day, x, "")
		return
	}
	receiver := k.ask(day, to)
	answer := k.workday(day + k.days(4, 8))
	k.agree(day, entry.Task{Owner: entry.ByWorker, From: entry.FromNextStep, What: k.say("step_receiver"), By: answer})
	k.always(answer, func(day civil.Date) { k.close(day, x, receiver) })
}

// ask asks a receiver.
func (k *walk) ask(day civil.Date, to string) (receiver string) {
	k.waiting = true
	receiver = k.say("receiver")
	k.add(day, 14*60, 0, "", &entry.Exit{Step: entry.ExitAsked, To: to, Receiver: receiver, Text: k.say("exit_asked")})
	return receiver
}

func (k *walk) close(day civil.Date, x *model.Exit, receiver string) {
	key := "exit_" + x.To
	if !k.w.has(key) {
		key = "exit_other"
	}
	k.endStep(day)
	k.add(day, 15*60, 0, "", &entry.Exit{Step: entry.ExitDone, To: x.To, Receiver: receiver, Text: k.say(key)})
	k.over = true
	k.followUps(day, x)
}

// followUps asks how it went at each span of the exit; the newest may still be owed.
func (k *walk) followUps(closed civil.Date, x *model.Exit) {
	for _, span := range x.FollowUp {
		day := k.workday(span.After(closed, k.cal) + k.days(0, 4))
		if day >= k.today || day > k.today-40 && k.chance(12) {
			return
		}
		outcome := x.To
		switch roll := k.IntN(100); {
		case x.To == "withdrew" || roll < 12:
			outcome = "unknown"
		case roll < 22:
			outcome = "not_reached"
		}
		k.add(day, 10*60, 10, entry.Phone, &entry.FollowUp{After: span.String(), Outcome: outcome, Text: k.say("follow_up")})
	}
}
