package unit

import "slices"

// Role in a register.
type Role string

// Roles of staff and of those outside. An administrator is a worker with Admin and needs no role: they see no cases.
const (
	RoleWorker      Role = "worker"      // responsible worker, own cases and the team's
	RoleInstructor  Role = "instructor"  // groups and attendance
	RoleCoordinator Role = "coordinator" // the unit's whole list
	RoleManager     Role = "manager"     // figures and promises, no cases
	RoleStudent     Role = "student"     // a worker under supervision
	RoleController  Role = "controller"  // money: payments and project budgets, no cases
	RoleAuditor     Role = "auditor"     // a project funder's: figures and the rows behind them without names
	RoleComplaints  Role = "complaints"  // complaints, reviews and requests of clients: the logs, and cases only by emergency
	RoleVolunteer   Role = "volunteer"   // tonight's roster: first names, allergies, keys
	RoleAssociation Role = "association" // the same for a partner association
	RoleEmployer    Role = "employer"    // one placement
)

// About tells what a role is: which function of decree 457/2024 it serves, and what it opens. A role that opens no cases never shows a client.
type About struct {
	Section string // of decree 457/2024; empty: the decree knows no such role
	Cases   bool   // may open clients, with a client relationship
	Figures bool   // sees figures of the unit and its promises
	Logs    bool   // reviews the logs
	Keeps   bool   // decides with another what is destroyed and what leaves the program (approval.May)
}

// Presets are the roles that an account is offered first, beside the administrator's: what nearly everybody has.
var Presets = []Role{RoleWorker, RoleInstructor, RoleCoordinator, RoleManager}

// Which section of the decree is which function was read in domain.md 3.2 as a list, §10–17 in order.
var roles = map[Role]About{
	RoleWorker:      {Section: "12", Cases: true},
	RoleInstructor:  {Section: "12", Cases: true},
	RoleStudent:     {Section: "14", Cases: true},
	RoleCoordinator: {Section: "11", Cases: true, Figures: true, Keeps: true},
	RoleManager:     {Figures: true, Section: "17", Keeps: true},
	RoleComplaints:  {Section: "17", Figures: true, Logs: true, Keeps: true},
	RoleController:  {Figures: true},
	RoleAuditor:     {Figures: true},
	RoleVolunteer:   {},
	RoleAssociation: {},
	RoleEmployer:    {},
}

// About gives what a role is; nothing for a word that is no role.
func (r Role) About() About { return roles[r] }

// Roles in the order they are offered: from the closest to the client outwards.
var Roles = []Role{RoleWorker, RoleStudent, RoleInstructor, RoleCoordinator, RoleManager, RoleComplaints, RoleController, RoleAuditor, RoleVolunteer, RoleAssociation, RoleEmployer}

// ByWeight has the roles from the most far-reaching down: what the menus offer goes by the first that somebody has.
var ByWeight = []Role{RoleCoordinator, RoleInstructor, RoleWorker, RoleStudent, RoleComplaints, RoleManager, RoleController, RoleAuditor, RoleAssociation, RoleVolunteer, RoleEmployer}

// All gives the roles of some memberships, each once, the most far-reaching first.
func All(members []Member) []Role {
	var all []Role
	for _, r := range ByWeight {
		if slices.ContainsFunc(members, func(m Member) bool { return m.Role == r }) {
			all = append(all, r)
		}
	}
	return all
}

// Highest is the most far-reaching of a worker's roles, for what the menus offer; empty without any.
func Highest(members []Member) Role {
	if all := All(members); len(all) > 0 {
		return all[0]
	}
	return ""
}
