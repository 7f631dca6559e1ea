package cli

import (
	"regexp"
	"strings"
	"testing"

	"polku/internal/login"
	"polku/internal/polkutest"
)

// The machine's owner helps whoever cannot get in, and says what groups give.
func TestSignInFromTheMachine(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		done(t, with(f, "user", "add", "mia", "--name", "Mia Mallikas")...)
		code := regexp.MustCompile(`([0-9a-z]{4}-){3}[0-9a-z]{4}`).FindString(done(t, with(f, "user", "reset", "mia")...))
		if _, err := login.New(w.DB, Tenant).UseReset(t.Context(), code, "kolme hiljaista hirveä", login.Visit{}); err != nil {
			t.Error("the printed code lets nobody in:", err)
		}
		refused(t, "There is no user nobody", with(f, "user", "reset", "nobody")...)

		done(t, with(f, "setup", "unit", "Uusi talo")...)
		model := shipped(t)
		done(t, with(f, "setup", "register", "Rekisteri", "--kind", model[1], "--controller", "Testilä", "--legal-basis", "laki", "--service-task", "x", "--retention", "y")...)
		done(t, with(f, "setup", "group", "polku-ohjaajat", "--role", "instructor", "--unit", "Uusi talo", "--register", "Rekisteri")...)
		done(t, with(f, "setup", "group", "polku-admin", "--role", "admin")...)
		refused(t, "There is no unit Muualla", with(f, "setup", "group", "polku-muut", "--role", "worker", "--unit", "Muualla", "--register", "Rekisteri")...)
		if out := done(t, with(f, "setup", "groups")...); !strings.Contains(out, "polku-ohjaajat: ") || !strings.Contains(out, "(Uusi talo, Rekisteri)") || !strings.Contains(out, "polku-admin") {
			t.Error(out)
		}
		done(t, with(f, "setup", "group", "polku-admin", "--role", "none")...)
		refused(t, "The group polku-admin gives nothing", with(f, "setup", "group", "polku-admin", "--role", "none")...)
		if out := done(t, with(f, "setup", "groups", "--format", "json")...); strings.Contains(out, "polku-admin") || !strings.Contains(out, `"group": "polku-ohjaajat"`) {
			t.Error(out)
		}
	})
}

func TestProviderIsRefusedWhenItCannotWork(t *testing.T) {
	dir := t.TempDir()
	https := []string{"--base-url", "https://polku.kunta.fi", "--behind-proxy"}
	for want, args := range map[string][]string{
		"give it, --base-url":               {"--oidc-issuer", "https://id.kunta.fi", "--oidc-client", "polku"},
		"--oidc-client":                     append([]string{"--oidc-issuer", "https://id.kunta.fi"}, https...),
		"http://id.kunta.fi is no good":     append([]string{"--oidc-issuer", "http://id.kunta.fi", "--oidc-client", "polku"}, https...),
		dir + "/nowhere cannot be read. It": append([]string{"--oidc-issuer", "https://id.kunta.fi", "--oidc-client", "polku", "--oidc-secret-file", dir + "/nowhere"}, https...),
	} {
		refused(t, want, append([]string{"serve", "--db", dir, "--keys", dir, "--listen", "127.0.0.1:0"}, args...)...)
	}
}
