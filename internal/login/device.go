package login

import (
	"crypto/rand"
	"encoding/base64"
	"net/netip"
	"strings"
)

// Visit is what a browser brings along.
type Visit struct {
	Device string // secret of the device cookie, see NewDevice; empty: sessions begun are bound to no device
	Agent  string // the browser's name for itself
	Remote string // the address it comes from, with or without port
	Origin string // scheme, host and port by which it reaches us, for passkeys
}

// NewDevice makes the secret of a browser that has none: it stays in a cookie of its own for a year, longer than any
// session, and a session's token is worth nothing without it.
func NewDevice() string { return random() }

// random gives 32 random bytes as text of tokenLength characters.
func random() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

// deviceHash is what is kept of a device's secret; nil of none.
func deviceHash(device string) []byte {
	if device == "" {
		return nil
	}
	return tokenHash(device)
}

// families of browsers and systems, by a word in their name for themselves, the more special one first. Versions do
// not count: browsers change them by themselves while a session goes on.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"},
		{"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}}
)

// Family names a browser and its system, as "Firefox, Windows"; empty when neither is known.
func Family(agent string) string {
	var words []string
	for _, list := range [][][2]string{browsers, systems} {
		for _, f := range list {
			if strings.Contains(agent, f[0]) {
				words = append(words, f[1])
				break
			}
		}
	}
	return strings.Join(words, ", ")
}

// Places that are no network: the machine itself, and a network inside the house. They are words of the catalogue.
const (
	PlaceHere   = "here"
	PlaceInside = "inside"
)

// place is all that is kept of an address: the network it belongs to (the first three of four parts, or 48 of 128 bits),
// enough to know home from work again and not enough to find a household.
func place(remote string) string {
	ip := address(remote)
	switch {
	case !ip.IsValid():
		return ""
	case ip.IsLoopback():
		return PlaceHere
	case ip.IsPrivate() || ip.IsLinkLocalUnicast():
		return PlaceInside
	case ip.Is4():
		return strings.TrimSuffix(netip.PrefixFrom(ip, 24).Masked().Addr().String(), "0") + "x"
	}
	return netip.PrefixFrom(ip, 48).Masked().Addr().String() + "x"
}

// address reads an address with or without port; invalid when it is none.
func address(remote string) netip.Addr {
	if withPort, err := netip.ParseAddrPort(remote); err == nil {
		return withPort.Addr().Unmap()
	}
	ip, err := netip.ParseAddr(remote)
	if err != nil {
		return netip.Addr{}
	}
	return ip.Unmap()
}
