package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){name: main})
}

// TestScripts runs the command as users do. Each script works in a directory of
// its own, with nothing of the environment that could lead it elsewhere.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    wantStatus,
			"endpoint":  listenAs,
			"serve":     startServe,
			"interrupt": interrupted,
			"lines":     wantLines,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// wantStatus runs a command that must end with a status:
//
//	status 3 dsqlconform replay x.dsqlseq
func wantStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND [ARG...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	if got := statusOf(err); strconv.Itoa(got) != args[0] {
		ts.Fatalf("got status %d (%v), want %s\n%s\n%s", got, err, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func statusOf(err error) int {
	var e *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e.ExitCode() // -1 for one that was killed
	}
	return -2
}

// listenAs sets ENDPOINT to the URL of a server of a certain kind.
func listenAs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: endpoint KIND")
	}
	var address string
	switch args[0] {
	case "nobody":
		// A port that was free a moment ago, and is not given out again soon.
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		address = "http://" + l.Addr().String()
		l.Close()
	case "silent":
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		accepted := make(chan struct{})
		ts.Defer(func() {
			l.Close()
			<-accepted
		})
		go func() {
			defer close(accepted)
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				defer conn.Close() // when the listener is closed: nobody answers until then
			}
		}()
		address = "http://" + l.Addr().String()
	default:
		kind := args[0]
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			switch kind {
			case "html":
				w.Header().Set("Content-Type", "text/html")
				io.WriteString(w, "<html><body>welcome</body></html>")
			case "cutting":
				panic(http.ErrAbortHandler)
			case "throttling":
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("x-amzn-errortype", "ThrottlingException")
				w.Header().Set("x-amzn-requestid", "1")
				w.WriteHeader(http.StatusTooManyRequests)
				io.WriteString(w, `{"message":"slow down"}`)
			}
		}))
		ts.Defer(s.Close)
		address = s.URL
	}
	ts.Setenv("ENDPOINT", address)
}

// startServe starts "dsqlconform serve" with flags and sets ENDPOINT, CA and PID
// from its first line. At the end it is interrupted and must end well.
func startServe(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command(name, append([]string{"serve"}, args...)...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environ(ts)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	var line ready
	text, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(text, &line)
	}
	if err != nil {
		cmd.Process.Kill()
		cmd.Wait()
		ts.Fatalf("got first line %q (%v), want JSON\n%s", text, err, said.String())
	}
	ts.Defer(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			ts.Logf("serve: %v\n%s", err, said.String())
			panic("serve did not end well: " + err.Error())
		}
	})
	ts.Setenv("ENDPOINT", line.Endpoint)
	ts.Setenv("CA", line.CA)
	ts.Setenv("PID", fmt.Sprint(line.PID))
}

// interrupted runs a command, interrupts it once a file has more than one line,
// and wants a status. What it says goes to the files stdout.txt and stderr.txt.
//
//	interrupt 3 report/trace.jsonl dsqlconform run --report-dir report
func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupt N FILE COMMAND [ARG...]")
	}
	cmd := exec.Command(args[2], args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environ(ts)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	ts.Check(cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	sent := false
	for {
		select {
		case err := <-done:
			ts.Check(os.WriteFile(ts.MkAbs("stdout.txt"), stdout.Bytes(), 0o644))
			ts.Check(os.WriteFile(ts.MkAbs("stderr.txt"), stderr.Bytes(), 0o644))
			if got := statusOf(err); !sent || strconv.Itoa(got) != args[0] {
				ts.Fatalf("got status %d (interrupted: %t), want %s\n%s\n%s", got, sent, args[0], stdout.String(), stderr.String())
			}
			return
		case <-time.After(10 * time.Millisecond):
			if data, err := os.ReadFile(ts.MkAbs(args[1])); err == nil && !sent && bytes.Count(data, []byte("\n")) > 1 {
				ts.Check(cmd.Process.Signal(os.Interrupt))
				sent = true
			}
		}
	}
}

// wantLines wants a file to have that many lines.
func wantLines(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: lines FILE N")
	}
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); (strconv.Itoa(got) == args[1]) == neg {
		ts.Fatalf("got %d lines in %s, want %s (negated: %t)", got, args[0], args[1], neg)
	}
}

func environ(ts *testscript.TestScript) []string {
	var env []string
	for _, key := range []string{"PATH", "HOME", "TMPDIR", "WORK"} {
		env = append(env, key+"="+ts.Getenv(key))
	}
	return env
}
