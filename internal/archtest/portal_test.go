package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// portalOpen are the participants' routes that need no sign-in: how one comes to it, and away.
var portalOpen = []string{"GET /p/{$}", "GET /p/i/{token}", "POST /p/open", "POST /p/sign-in", "POST /p/passkey/options", "POST /p/passkey", "POST /p/sign-out"}

// portalRoutesHaveLevels: each route of participants states its level (306/2019 s. 6), and no permission of one face
// opens a route of the other. No route of theirs names a client: whose data they see follows from who they are.
func portalRoutesHaveLevels(tree *tree) []string {
	var faults []string
	for _, line := range strings.Split(tree.texts[accessFile], "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) != 3 {
			continue // routesHaveAccess tells
		}
		route, permission := words[0]+" "+words[1], words[2]
		theirs := strings.HasPrefix(words[1], "/p/")
		level := permission == "participant" || permission == "participantStrong"
		switch {
		case theirs && permission == "anyone" && !slices.Contains(portalOpen, route):
			faults = append(faults, fmt.Sprintf("%s: %s is open to anyone: say participant or participantStrong", accessFile, route))
		case theirs && !level && permission != "anyone":
			faults = append(faults, fmt.Sprintf("%s: %s is a participant's and asks for %s: say participant or participantStrong", accessFile, route, permission))
		case !theirs && level:
			faults = append(faults, fmt.Sprintf("%s: %s is a worker's and asks for %s", accessFile, route, permission))
		case theirs && strings.Contains(words[1], "{client}"):
			faults = append(faults, fmt.Sprintf("%s: %s names a client: a participant's own id is in their session", accessFile, route))
		}
	}
	return faults
}
