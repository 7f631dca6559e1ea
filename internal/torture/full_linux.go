package torture

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"polku/internal/fault"
)

// insideWord tells the program that it runs in a mount namespace of its own, where it may mount the small disk.
const insideWord = "POLKU_TORTURE_INSIDE"

// diskFull runs the rounds in a mount namespace of its own, so that the small disk is nobody else's and goes with it.
func diskFull(ctx context.Context, o Options, r *Report) error {
	if os.Getenv(insideWord) != "" {
		return fillInside(ctx, o, r)
	}
	cmd := exec.CommandContext(ctx, o.Program, "torture", "disk-full", "--rounds="+strconv.Itoa(o.Rounds), "--seed="+strconv.FormatUint(o.Seed, 10),
		"--rate="+strconv.Itoa(o.Rate), "--dir="+o.Dir, "--format=json")
	cmd.Env = append(os.Environ(), insideWord+"=1")
	said := &tail{}
	cmd.Stderr = said
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.Output()
	if exit := cmd.ProcessState; exit == nil || !exit.Exited() || exit.ExitCode() > 1 {
		return &fault.Error{Kind: fault.Unavailable, Key: "torture.no_start", Args: fault.Args{"said": said.String()}, Cause: err}
	}
	return fault.Wrap(json.Unmarshal(out, r), "torture.inside")
}

// fillInside mounts the small disk and fills it so many times.
func fillInside(ctx context.Context, o Options, r *Report) error {
	disk := filepath.Join(o.Dir, "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		return fault.Wrap(err, "torture.folder")
	}
	err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	if err == nil {
		err = syscall.Mount("tmpfs", disk, "tmpfs", 0, "size="+strconv.Itoa(diskSize))
	}
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "torture.no_space", Cause: err}
	}
	defer syscall.Unmount(disk, syscall.MNT_DETACH)
	w, cookies, err := worldSignedIn(ctx, o)
	if err != nil {
		return err
	}
	names := []string{"page_said", "ready_said", "read_on", "read_stopped", "recovered"}
	states := map[string]*State{}
	for _, n := range names {
		states[n] = &State{Name: n}
	}
	for round := range o.Rounds {
		if err := fillOnce(ctx, o, r, w, cookies, disk, round, states); err != nil {
			return err
		}
	}
	for _, n := range names {
		r.States = append(r.States, *states[n])
	}
	return nil
}
