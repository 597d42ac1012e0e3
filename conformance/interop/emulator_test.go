//go:build unix

package interop_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"dsqlconform/conformance"
)

const (
	startTime = 60 * time.Second // until an emulator must be ready
	stopTime  = 5 * time.Second  // from asking it to end until it is killed
	ports     = 3                // how many free ports are tried: another process may be quicker
)

// installed returns the path of a preset's program, and skips the test where it
// is not installed. In CI that is a failure: a job that tests nothing must not
// look like one that passed.
func installed(t *testing.T, p conformance.Preset) string {
	t.Helper()
	dir := os.Getenv("DSQLCONFORM_EMULATORS")
	if dir == "" {
		cache, err := os.UserHomeDir()
		cache = filepath.Join(cache, ".cache")
		if xdg := os.Getenv("XDG_CACHE_HOME"); xdg != "" {
			cache, err = xdg, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(cache, "dsqlconform", "venv", "bin")
	}
	program := filepath.Join(dir, p.Launch.Argv[0])
	if _, err := os.Stat(program); err != nil {
		message := fmt.Sprintf("%s is not in %s: .ci/emulators installs it, DSQLCONFORM_EMULATORS names its directory", p.Launch.Argv[0], dir)
		if os.Getenv("CI") == "true" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	return program
}

// launch starts the target of a preset on a free loopback port and returns the
// preset for it. It is stopped, with all that it started, at the end of the
// test, and what it said is logged if the test failed.
func launch(t *testing.T, name string) conformance.Preset {
	t.Helper()
	p, err := conformance.LookupPreset(name)
	if err != nil {
		t.Fatal(err)
	}
	program := installed(t, p)
	for try := 1; ; try++ {
		at := p.At("http://" + freeAddress(t))
		if err = run(t, program, at); err == nil {
			return at
		}
		if try == ports {
			t.Fatalf("%s did not start: %v", name, err)
		}
	}
}

// run starts a program and waits until it is ready.
func run(t *testing.T, program string, p conformance.Preset) error {
	t.Helper()
	said := &tail{}
	scratch := t.TempDir()
	cmd := exec.Command(program, p.Launch.Argv[1:]...)
	cmd.Dir, cmd.Env = scratch, append(os.Environ(), "TMPDIR="+scratch)
	for key, value := range p.Launch.Env {
		cmd.Env = append(cmd.Env, key+"="+value)
	}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	var ended error
	go func() {
		ended = cmd.Wait()
		close(done)
	}()
	stop := func() {
		signal := func(s syscall.Signal) { _ = syscall.Kill(-cmd.Process.Pid, s) } // the group may be gone already
		signal(syscall.SIGTERM)
		select {
		case <-done:
		case <-time.After(stopTime):
		}
		signal(syscall.SIGKILL)
		<-done
	}
	if err := ready(p.Launch.Ready, done); err != nil {
		stop()
		return fmt.Errorf("%w (it ended: %v); its last words:\n%s", err, ended, said)
	}
	t.Cleanup(func() {
		stop()
		if t.Failed() {
			t.Logf("the last words of %s:\n%s", p.Name, said)
		}
	})
	return nil
}

// ready waits until an address answers 200, or the process behind it ends.
func ready(address string, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	transport := &http.Transport{DisableKeepAlives: true} // and no proxy
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
		if err != nil {
			return err
		}
		if resp, err := transport.RoundTrip(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ended:
			return errors.New("it ended before it was ready")
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer 200 within %v", address, startTime)
		case <-every.C:
		}
	}
}

// freeAddress returns a loopback address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailLength = 2 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	t.text = t.text[max(0, len(t.text)-tailLength):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.text))
}
