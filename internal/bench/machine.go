package bench

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Machine is what the figures were measured on.
type Machine struct {
	Cores  int     `json:"cores"`
	CPU    string  `json:"cpu"`
	Memory int     `json:"memory_gib"`
	Load   float64 `json:"load"` // of the last minute when the run began; above 0.5 others were at work
	Go     string  `json:"go"`
	System string  `json:"system"`
	Commit string  `json:"commit,omitempty"`
}

// ThisMachine reads what the system tells; what it does not tell stays empty.
func ThisMachine() Machine {
	m := Machine{Cores: runtime.NumCPU(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	m.CPU = field("/proc/cpuinfo", "model name")
	if kb, err := strconv.Atoi(strings.Fields(field("/proc/meminfo", "MemTotal") + " 0")[0]); err == nil {
		m.Memory = (kb + 1<<19) >> 20
	}
	if data, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Sscanf(string(data), "%f", &m.Load)
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				m.Commit = s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return m
}

// memoryOf gives the resident memory of a process and its peak, in megabytes; false where the system does not tell.
func memoryOf(pid int) (now, peak float64, ok bool) {
	status := fmt.Sprintf("/proc/%d/status", pid)
	mb := func(name string) float64 {
		kb, err := strconv.Atoi(strings.Fields(field(status, name) + " 0")[0])
		if err != nil {
			return 0
		}
		return float64(kb) * 1024 / 1e6
	}
	now, peak = mb("VmRSS"), mb("VmHWM")
	return now, peak, now > 0
}

// cpuOf gives how long a process has been on a core, its own and the system's work for it; 0 where the system does not
// tell. Unlike the clock it hardly depends on what else the machine does.
func cpuOf(pid int) time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), ") ") // the name before it may hold spaces
	fields := strings.Fields(rest)
	ticks := 0
	for _, i := range []int{11, 12} { // utime and stime: proc(5), fields 14 and 15
		if i < len(fields) {
			n, err := strconv.Atoi(fields[i])
			if err != nil {
				return 0
			}
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond // Linux counts in hundredths of a second for every program
}

// field gives the value of the first "name: value" line of a file; empty when there is none.
func field(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if key, value, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
