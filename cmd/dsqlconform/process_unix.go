//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// alone puts a command into a process group of its own: an interrupt from the
// terminal then leaves it running until the run has undone itself, and all that
// it starts can be ended.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return end(cmd, true) }
}

// end asks the group of a command to end, or kills it.
func end(cmd *exec.Cmd, kill bool) error {
	signal := syscall.SIGTERM
	if kill {
		signal = syscall.SIGKILL
	}
	return syscall.Kill(-cmd.Process.Pid, signal)
}
