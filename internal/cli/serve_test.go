package cli

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"polku/internal/i18n"
	"polku/internal/polkutest"
)

// serving runs a serving command until the test ends, and gives what it printed until it had greeted.
func serving(t *testing.T, lines int, args ...string) (greeting string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	read, write := io.Pipe()
	status := make(chan int, 1)
	var errs strings.Builder
	go func() {
		status <- run(ctx, args, &Env{In: strings.NewReader(""), Out: write, Err: &errs, Lang: i18n.EN})
		write.Close()
	}()
	t.Cleanup(func() {
		cancel()
		if s := <-status; s != 0 {
			t.Errorf("status %d: %s", s, errs.String())
		}
	})
	buf := make([]byte, 1)
	for strings.Count(greeting, "\n") < lines {
		if _, err := read.Read(buf); err != nil {
			t.Fatalf("ended after %q: %s", greeting, errs.String())
		}
		greeting += string(buf)
	}
	go io.Copy(io.Discard, read)
	return greeting
}

var addressIn = regexp.MustCompile(`https?://127\.0\.0\.1:\d+/`)

func TestFirstStart(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := flags(t, w)
		greeting := serving(t, 2, with(f, "serve", "--listen", "127.0.0.1:0", "--organisation", "Testilä")...)
		at := addressIn.FindString(greeting)
		code := regexp.MustCompile(`one-time code: (\S+)`).FindStringSubmatch(greeting)
		if at == "" || code == nil {
			t.Fatal(greeting)
		}
		jar, err := cookiejar.New(nil)
		must(t, err)
		browser := &http.Client{Jar: jar}
		answer, err := browser.PostForm(at+"first", url.Values{"code": {code[1]}, "name": {"Anna Laine"}, "user": {"anna"},
			"password": {"kolme hiljaista hirveä"}, "password2": {"kolme hiljaista hirveä"}})
		must(t, err)
		body, err := io.ReadAll(answer.Body)
		must(t, err)
		must(t, answer.Body.Close())
		if answer.StatusCode != http.StatusOK || answer.Request.URL.Path == "/first" || answer.Request.URL.Path == "/sign-in" {
			t.Errorf("%d at %s\n%.500s", answer.StatusCode, answer.Request.URL, body)
		}
		var name string
		must(t, w.DB.Pool().QueryRow("select name from tenant").Scan(&name))
		if name != "Testilä" {
			t.Errorf("organisation %q", name)
		}
	})
}

func TestServeOverHTTPS(t *testing.T) {
	dir := t.TempDir()
	cert, key := selfSigned(t, dir)
	greeting := serving(t, 2, "serve", "--db", filepath.Join(dir, "db"), "--listen", "127.0.0.1:0", "--cert", cert, "--key", key)
	at := addressIn.FindString(greeting)
	if !strings.HasPrefix(at, "https://") {
		t.Fatal(greeting)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
	answer, err := client.Get(at + "health")
	must(t, err)
	must(t, answer.Body.Close())
	if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %s %v", answer.Status, answer.Proto, answer.Header)
	}
	if _, err := tls.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(at, "https://"), "/"), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 was accepted")
	}
}

// A certificate that is renewed is taken into use without a restart; one half written is not.
func TestRenewedCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key := selfSigned(t, dir)
	files := &certFiles{cert: cert, key: key}
	first, err := files.get(nil)
	must(t, err)
	look := func() *tls.Certificate {
		files.looked = time.Time{}
		c, err := files.get(nil)
		must(t, err)
		return c
	}
	if look() != first {
		t.Error("read again although nothing changed")
	}
	must(t, os.WriteFile(cert, []byte("half"), 0o600))
	must(t, os.Chtimes(cert, time.Now(), time.Now().Add(time.Hour)))
	if look() != first {
		t.Error("a broken file took the place of a good certificate")
	}
	selfSigned(t, dir)
	must(t, os.Chtimes(cert, time.Now(), time.Now().Add(2*time.Hour)))
	if string(look().Certificate[0]) == string(first.Certificate[0]) {
		t.Error("the renewed certificate is not in use")
	}
}

func TestServeRefusesWhatIsUnsafeOrUnclear(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "db")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	for want, args := range map[string][]string{
		"At 0.0.0.0:8080 the connection would cross the network unencrypted": {"--listen", "0.0.0.0:8080"},
		"At :8080 the connection would cross":                                {"--listen", ":8080"},
		"Certificate and key go together":                                    {"--cert", "x"},
		"Choose one way":                                                     {"--acme", "polku.example", "--behind-proxy"},
		"--base-url ftp://x is no good":                                      {"--base-url", "ftp://x"},
		"The certificate nowhere or the key nowhere cannot be read":          {"--cert", "nowhere", "--key", "nowhere", "--listen", "127.0.0.1:0"},
		"The address " + taken.Addr().String() + " is not free":              {"--listen", taken.Addr().String()},
	} {
		status, _, errs := polku(t, append([]string{"serve", "--db", dir}, args...)...)
		if status != 2 || !strings.Contains(errs, want) {
			t.Errorf("%v: %d %q, want %q", args, status, errs, want)
		}
	}
	refused(t, "anybody may be anybody", "demo", "--listen", "0.0.0.0:8080", "--db", dir)
}

// A request that has begun when the program is asked to stop is answered.
func TestStopLosesNoRequest(t *testing.T) {
	l, err := listen("127.0.0.1:0")
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	begun, release := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- answer(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(begun)
			<-release
			io.WriteString(w, "saved")
		}), slog.New(slog.DiscardHandler))
	}()
	said := make(chan string, 1)
	go func() {
		a, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			said <- err.Error()
			return
		}
		defer a.Body.Close()
		body, _ := io.ReadAll(a.Body)
		said <- string(body)
	}()
	<-begun
	cancel()
	for { // the port closes first, so that a proxy sends new requests elsewhere
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		c.Close()
	}
	close(release)
	if got := <-said; got != "saved" {
		t.Error(got)
	}
	must(t, <-ended)
}

func TestDemoIsMadeOnceADay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	make := func(c DemoCmd) (said string) {
		c.DB, c.MakeOnly, c.share, c.Listen = dir, true, 2, listenDefault
		e, out, errs := env(i18n.EN)
		must(t, c.Run(context.Background(), e))
		if out.String() != dir+"\n" {
			t.Errorf("%q", out)
		}
		return errs.String()
	}
	if said := make(DemoCmd{Seed: 1}); !strings.Contains(said, "Making the made-up demo") {
		t.Error(said)
	}
	if said := make(DemoCmd{Seed: 1}); said != "" {
		t.Errorf("made again on the same day: %s", said)
	}
	m, _, err := readMark(dir)
	must(t, err)
	m.Day--
	must(t, os.WriteFile(filepath.Join(dir, markFile), []byte(`{"day":"`+m.Day.String()+`","program":"`+m.Program+`","seed":1}`), 0o600))
	if said := make(DemoCmd{Seed: 1, Keep: true}); said != "" {
		t.Errorf("made again although --keep: %s", said)
	}
	if said := make(DemoCmd{Seed: 1}); !strings.Contains(said, "Making") {
		t.Error("yesterday's demo was kept")
	}
	done(t, "verify", "--db", dir)

	dir = t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "thesis.doc"), []byte("x"), 0o600))
	refused(t, "holds something else than a demo", "demo", "--make-only", "--db", dir)
	if _, err := os.Stat(filepath.Join(dir, "thesis.doc")); err != nil {
		t.Error("somebody's file is gone")
	}
}

// selfSigned writes a new certificate and its key.
func selfSigned(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	return cert, key
}
