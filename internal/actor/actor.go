// Package actor tells who asks, on whose behalf and why. It travels in every transaction, so that no
// function can forget it.
package actor

// Actor is who acts. The zero Actor may do nothing.
type Actor struct {
	Tenant  int64  // the organisation
	Worker  string // worker id; SystemWorker for the program itself
	Session string // session id, for the log
	Purpose Purpose
	Screen  string // route pattern or command, e.g. "GET /c/{client}"; never a URL with values
	Request string // id of the request, shown on error pages
	Admin   bool   // may administer users and services; gives no access to cases
	Client  string // a participant's own client id; empty: no participant. Worker is then ParticipantWorker
}

// Purpose of use, as the use log names it (703/2023 s. 10).
type Purpose string

// Purposes.
const (
	Service  Purpose = "service"  // delivering the service to the client
	Managing Purpose = "managing" // coordinating, capacity, promises
	Admin    Purpose = "admin"    // users, models, imports
	Checking Purpose = "checking" // verify, backup, the night's work
	Sample   Purpose = "sample"   // made-up data of demo and bench
	Own      Purpose = "own"      // a participant at their own data
	Incoming Purpose = "incoming" // somebody without an account: sends a referral, asks to join, chooses a time
)

// System is the program itself, for jobs and commands of the machine's owner.
func System(tenant int64, purpose Purpose, screen string) Actor {
	return Actor{Tenant: tenant, Worker: SystemWorker, Purpose: purpose, Screen: screen, Admin: true}
}

// Participant is a client at their own page. They are no worker: conditions about workers give them nothing, and what
// they may read is found by Client alone.
func Participant(tenant int64, client, session, screen, request string) Actor {
	return Actor{Tenant: tenant, Worker: ParticipantWorker, Client: client, Session: session, Purpose: Own, Screen: screen, Request: request}
}

// Console is the machine's owner at work through a command: they may what the program may. No account stands behind
// them, so the logs tell the command and the user of the machine who gave it.
func Console(tenant int64, purpose Purpose, command, osUser string) Actor {
	return System(tenant, purpose, "console "+osUser+": polku "+command)
}

// Visitor is somebody without an account who came by a public page or a secret link. Conditions about workers give them
// nothing: what they may do is found by the secret that they bring.
func Visitor(tenant int64, screen, request string) Actor {
	return Actor{Tenant: tenant, Worker: VisitorWorker, Purpose: Incoming, Screen: screen, Request: request}
}

// VisitorWorker stands for a visitor where a worker id is asked. It is no valid worker id.
const VisitorWorker = "visitor"

// SystemWorker stands for the program itself where a worker id is asked. It is no valid worker id.
const SystemWorker = "system"

// ParticipantWorker stands for the participant themselves where a worker id is asked: as the author of what they wrote,
// and in the logs of what they did. It is no valid worker id.
const ParticipantWorker = "participant"

// Trace is what the logs keep of where an act came from: the request and, after a slash, the session.
func (a Actor) Trace() string {
	if a.Session == "" {
		return a.Request
	}
	return a.Request + "/" + a.Session
}

// IsSystem tells whether no person stands behind the actor.
func (a Actor) IsSystem() bool { return a.Worker == SystemWorker }
