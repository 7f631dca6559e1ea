package cli

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// IsTerminal tells whether a person is watching what is printed there.
func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// progress draws one line of how far long work has come, on a terminal only.
type progress struct {
	env   *Env
	key   string // catalogue key of what is being done
	start time.Time
	drawn time.Time
	now   func() time.Time
}

func newProgress(env *Env, key string) *progress {
	return &progress{env: env, key: key, start: time.Now(), now: time.Now}
}

// barWidth in characters; the whole line fits in 80.
const barWidth = 24

// step draws the line anew, at most ten times a second, and the last time when all is done.
func (p *progress) step(done, all int) {
	if !p.env.TTY || all <= 0 {
		return
	}
	now := p.now()
	if done < all && now.Sub(p.drawn) < 100*time.Millisecond {
		return
	}
	p.drawn = now
	full := barWidth * min(done, all) / all
	bar := strings.Repeat("█", full) + strings.Repeat("░", barWidth-full)
	left := ""
	if took := now.Sub(p.start); done > 0 && done < all && took > time.Second {
		rest := time.Duration(float64(took) * float64(all-done) / float64(done))
		left = p.env.Lang.T("cli.left", "seconds", int(rest.Seconds())+1)
	}
	fmt.Fprintf(p.env.Err, "\r\x1b[K%s %s %d %% %s", p.env.Lang.T(p.key), bar, 100*min(done, all)/all, left)
}

// end clears the line.
func (p *progress) end() {
	if p.env.TTY && !p.drawn.IsZero() {
		fmt.Fprint(p.env.Err, "\r\x1b[K")
	}
}
