package cli

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The program gets its certificate by itself from a real ACME server (Pebble, which Let's Encrypt test with), and keeps it.
func TestCertificateComesByACME(t *testing.T) {
	tools := os.Getenv("POLKU_TEST_PEBBLE") // folder with pebble and pebble-challtestsrv
	if tools == "" {
		t.Log("without POLKU_TEST_PEBBLE no ACME server was asked")
		return
	}
	const host = "polku.example.fi"
	dir := t.TempDir()
	ports := freePorts(t, 5)
	polkuAt, directory, management, names, challenges := ports[0], ports[1], ports[2], ports[3], ports[4]
	cert, key := selfSigned(t, dir)
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{"listenAddress": directory, "managementListenAddress": management,
		"certificate": cert, "privateKey": key, "tlsPort": portOf(t, polkuAt), "httpPort": 1}})
	must(t, err)
	file := filepath.Join(dir, "pebble.json")
	must(t, os.WriteFile(file, config, 0o600))

	running(t, "Starting challenge servers", nil, filepath.Join(tools, "pebble-challtestsrv"), "-dnsserver", names, "-defaultIPv6", "", "-management", challenges,
		"-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "")
	running(t, "ACME directory available", []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"}, filepath.Join(tools, "pebble"), "-config", file, "-dnsserver", names)
	self, err := os.Executable()
	must(t, err)
	kept := filepath.Join(dir, "acme")
	running(t, "https://"+host, []string{asProgram + "=1", "SSL_CERT_FILE=" + cert}, self, "serve", "--db", filepath.Join(dir, "db"), "--listen", polkuAt,
		"--acme", host, "--acme-dir", kept, "--acme-server", "https://"+directory+"/dir")

	ask := func(name string) (*tls.Conn, error) {
		dialer := &tls.Dialer{NetDialer: &net.Dialer{Timeout: 30 * time.Second}, Config: &tls.Config{ServerName: name, InsecureSkipVerify: true}} // Pebble's root is made anew at each start
		c, err := dialer.DialContext(t.Context(), "tcp", polkuAt)
		if err != nil {
			return nil, err
		}
		return c.(*tls.Conn), nil
	}
	c, err := ask(host)
	must(t, err)
	defer c.Close()
	got := c.ConnectionState().PeerCertificates[0]
	if err := got.VerifyHostname(host); err != nil || !strings.Contains(got.Issuer.CommonName, "Pebble") {
		t.Errorf("%s, issued by %s: %v", got.DNSNames, got.Issuer, err)
	}
	if _, err := os.Stat(filepath.Join(kept, host)); err != nil {
		t.Errorf("the certificate is not kept: %v", err)
	}
	if other, err := ask("someone.example.fi"); err == nil {
		other.Close()
		t.Error("a certificate for a name that is not ours")
	}
}

// running starts a program for the length of a test and waits until it has said a word.
func running(t *testing.T, word string, env []string, program string, args ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = cmd.Stdout
	must(t, cmd.Start())
	said := make(chan bool)
	go func() {
		lines, found := bufio.NewScanner(out), false
		for lines.Scan() {
			if !found && strings.Contains(lines.Text(), word) {
				found = true
				said <- true
			}
		}
		close(said)
	}()
	t.Cleanup(func() {
		stop()
		for range said {
		}
		cmd.Wait()
	})
	select {
	case ok := <-said:
		if !ok {
			t.Fatalf("%s ended before it said %q", filepath.Base(program), word)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("%s does not say %q", filepath.Base(program), word)
	}
}

// freePorts gives addresses on this machine where nobody listens.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	var all []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		defer l.Close()
		all = append(all, l.Addr().String())
	}
	return all
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", address)
	must(t, err)
	return a.Port
}
