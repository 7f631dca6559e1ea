package extract

// Banned tells whether the client is under a safety ban.
func (x Extract) Banned() bool {
	for _, row := range x.Tables["client"] {
		if row["safety_ban"] == true {
			return true
		}
	}
	return false
}

// Masked stands where a safety ban hides something.
const Masked = "•••"

// Mask hides where the client lives and how they are reached, in the client's row and wherever an entry or a task
// names a place.
func (x Extract) Mask() {
	for _, row := range x.Tables["client"] {
		for _, name := range []string{"address", "municipality", "phone", "email"} {
			if row[name] != "" {
				row[name] = Masked
			}
		}
	}
	for _, rows := range x.Tables {
		for _, row := range rows {
			maskPlaces(row)
		}
	}
}

func maskPlaces(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if key == "place" && inner != "" {
				v[key] = Masked
				continue
			}
			maskPlaces(inner)
		}
	case []any:
		for _, inner := range v {
			maskPlaces(inner)
		}
	}
}

// Purpose is what the disclosure log says of a copy given to the client: the right that it follows from.
const (
	Purpose = "GDPR 15"
	What    = "contact,worker,next_step,attendance,plan,notes" // words of consent.Scopes: all there are
)

// Register is the id of the register that the client is of.
func (x Extract) Register() string {
	for _, row := range x.Tables["client"] {
		if id, is := row["register_id"].(string); is {
			return id
		}
	}
	return ""
}
