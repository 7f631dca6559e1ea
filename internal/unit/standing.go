package unit

import "polku/internal/db"

// Relations by which somebody sees a client, as the use log names them beside the role: "worker/responsible". Words of the
// journal (responsible, helper, cover, watcher) stand for themselves.
const (
	ByCover     = "cover"     // stands in for an absent colleague
	ByEmergency = "emergency" // break-glass
	ByHandoff   = "handoff"   // was asked to take the client over
	ByTask      = "task"      // has something agreed to do
	ByTeam      = "team"      // the unit's, or the register's, cases are worked together
	ByOther     = "other"     // by a consent, the keeping of rights, a search that met a wall
	ByList      = "list"      // many clients at once
	BySelf      = "self"      // the participant's own data
)

// Standing tells in what role the actor has seen clients, and by which relation, "worker/responsible": what a row of the use
// log keeps as of the read, whatever roles and relations become later (703/2023 s. 10). Of several roles in the client's
// register it is the one that reaches farthest; of many clients at once it names no relation but ByList. Empty for the
// program itself.
func Standing(tx *db.Tx, clients []string) (string, error) {
	switch {
	case tx.Who.Client != "":
		return "participant/" + BySelf, nil
	case tx.Who.IsSystem():
		return "", nil
	case len(clients) > 1:
		var roles string
		_, err := tx.One(`select coalesce(string_agg(r.role, ' '), '') from (select distinct m.role from member m where m.tenant_id = $1 and m.worker_id = $2
			order by m.role) r`, []any{tx.Who.Tenant, tx.Who.Worker}, &roles)
		return roles + "/" + ByList, err
	}
	role, relation := "", ByOther
	_, err := tx.One(`select coalesce((select m.role from member m where m.tenant_id = $1 and m.worker_id = $2 and m.register_id = c.register_id
			order by case m.reach when 'register' then 1 when 'unit' then 2 when 'own' then 3 else 4 end, m.role limit 1), ''),
		coalesce((select r.role from relation r where r.tenant_id = $1 and r.worker_id = $2 and r.to_day is null and r.client_id = $3
				order by case r.role when 'responsible' then 1 else 2 end, r.role limit 1),
			(select '`+ByEmergency+`' from emergency e where e.tenant_id = $1 and e.worker_id = $2 and e.active and e.client_id = $3 limit 1),
			(select '`+ByCover+`' from cover v join relation r on r.tenant_id = v.tenant_id and r.worker_id = v.absent and r.to_day is null and r.client_id = $3
				where v.tenant_id = $1 and v.cover = $2 and v.active limit 1),
			(select '`+ByHandoff+`' from handoff h where h.tenant_id = $1 and h.to_worker = $2 and h.step = 'offered' and h.client_id = $3 limit 1),
			(select '`+ByTask+`' from task t where t.tenant_id = $1 and t.worker_id = $2 and t.client_id = $3 limit 1),
			(select '`+ByTeam+`' from member m where m.tenant_id = $1 and m.worker_id = $2 and m.register_id = c.register_id and m.reach in ('register', 'unit') limit 1),
			'`+ByOther+`')
		from client c where c.tenant_id = $1 and c.client_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, clients[0]}, &role, &relation)
	return role + "/" + relation, err
}
