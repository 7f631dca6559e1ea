package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Key is a passkey device of the tab's: a virtual authenticator that its owner has unlocked.
type Key struct {
	tab *Tab
	id  webauthn.AuthenticatorID
}

// AddKey gives the tab a device that makes and uses passkeys by itself, as somebody's phone or laptop does after a
// finger on it. The page must be reached by a name: localhost will do.
func (tab *Tab) AddKey() *Key {
	tab.t.Helper()
	tab.leaf.spoilt = true
	key := &Key{tab: tab}
	tab.do("adding a passkey device", call(webauthn.Enable, webauthn.EnableParams{}), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		added, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true,
			IsUserVerified: true, AutomaticPresenceSimulation: true}})
		key.id = added.AuthenticatorID
		return err
	}))
	return key
}

// Lock makes the device refuse its owner's finger, or take it again.
func (k *Key) Lock(locked bool) {
	k.tab.t.Helper()
	k.tab.do("locking the device", call(webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: k.id, IsUserVerified: !locked}))
}
