package torture

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"polku/internal/fault"
)

// server is the real program, serving a folder.
type server struct {
	cmd     *exec.Cmd
	address string        // host:port
	took    time.Duration // from the start of the process until it was ready
	ended   chan struct{}
	said    *tail
}

// startMost is how long a start may take before the run is given up.
const startMost = 60 * time.Second

// start starts the program on a folder and waits until it is ready. before stands before the program's own words, as
// strace does; more are further flags of polku serve.
func start(ctx context.Context, o Options, dir string, before []string, more ...string) (*server, error) {
	words := append(append([]string{}, before...), o.Program, "serve", "--db", dir, "--keys", filepath.Join(dir, "keys"), "--listen", "127.0.0.1:0", "--log", "json")
	if len(more) == 0 {
		more = []string{"--log-reserve", "0"} // or each copy of the folder would take 64 MB along
	}
	words = append(words, more...)
	s := &server{cmd: exec.CommandContext(ctx, words[0], words[1:]...), ended: make(chan struct{}), said: &tail{}}
	s.cmd.Env = append(os.Environ(), "POLKU_LANG=en")
	s.cmd.Stderr = s.said
	s.cmd.SysProcAttr = ownGroup()
	s.cmd.Cancel = func() error { return s.signal(syscall.SIGKILL) }
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, fault.Wrap(err, "torture.start")
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "torture.no_program", Args: fault.Args{"program": words[0]}, Cause: err}
	}
	greeted := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, at, found := strings.Cut(lines.Text(), "http://"); found {
				greeted <- strings.TrimSuffix(at, "/")
			}
		}
		close(greeted)
		s.cmd.Wait()
		close(s.ended)
	}()
	select {
	case s.address = <-greeted:
	case <-time.After(startMost):
	}
	for s.address != "" && time.Since(began) < startMost {
		if status, _ := s.get(ctx, "/ready"); status == http.StatusOK {
			s.took = time.Since(began)
			return s, nil
		}
		if ctx.Err() != nil {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	s.kill()
	return nil, &fault.Error{Kind: fault.Unavailable, Key: "torture.no_start", Args: fault.Args{"said": s.said.String()}, Cause: ctx.Err()}
}

// get asks for a page that everybody may see.
func (s *server) get(ctx context.Context, path string) (status int, body string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+path, nil)
	if err != nil {
		return 0, err.Error()
	}
	answer, err := plainClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(data)
}

// plainClient keeps no connection: what the load does is all that stands on its own.
var plainClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// kill ends the program, and what stands before it, without warning.
func (s *server) kill() {
	s.signal(syscall.SIGKILL)
	<-s.ended
}

// stop asks the program to end, as systemd does, and waits.
func (s *server) stop() {
	s.signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(startMost):
		s.kill()
	}
}

// tail keeps the last of what a program printed.
type tail struct {
	mu   sync.Mutex
	last []byte
}

const tailMost = 4 << 10

// Write keeps the end.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	if over := len(t.last) - tailMost; over > 0 {
		t.last = t.last[over:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.last)
}
