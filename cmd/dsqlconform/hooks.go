package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"time"

	"dsqlconform/model"
)

const (
	startTime = 60 * time.Second // until a target that was started must listen
	stopTime  = 5 * time.Second  // from asking it to end until it is killed
	resetTime = 30 * time.Second
)

// shell returns a shell command.
func shell(ctx context.Context, command string, env ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// connector returns a function that touches the data plane by a shell command.
func connector(command string) func(context.Context, string, model.Region) error {
	return func(ctx context.Context, identifier string, region model.Region) error {
		ctx, cancel := context.WithTimeout(ctx, resetTime)
		defer cancel()
		cmd := shell(ctx, command, "DSQL_IDENTIFIER="+identifier, "DSQL_REGION="+string(region))
		alone(cmd)
		cmd.WaitDelay = time.Second
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("--connect: %w", err)
		}
		return nil
	}
}

// reset empties the target.
func reset(ctx context.Context, method, address string, ca []byte) error {
	ctx, cancel := context.WithTimeout(ctx, resetTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return usage("--reset: %w", err)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	if len(ca) > 0 {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(ca)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	resp, err := transport.RoundTrip(req) // follows no redirect
	if err != nil {
		return unclear("the target could not be reset: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return unclear("the target could not be reset: got status %d, want 200", resp.StatusCode)
	}
	return nil
}

// process is a target that was started.
type process struct {
	cmd  *exec.Cmd
	said tail
	done chan struct{}
	err  error // once done is closed
}

// start runs a shell command and waits until somebody listens at each address.
func start(ctx context.Context, command string, addresses []string) (*process, error) {
	p := &process{cmd: shell(context.WithoutCancel(ctx), command), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	p.cmd.WaitDelay = time.Second
	alone(p.cmd)
	for _, address := range addresses {
		if listens(ctx, address) {
			return nil, usage("--exec: somebody listens at %s already", host(address))
		}
	}
	if err := p.cmd.Start(); err != nil {
		return nil, usage("--exec: %w", err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for _, address := range addresses {
		for !listens(ctx, address) {
			select {
			case <-p.done:
				return nil, usage("--exec: %w", p.died())
			case <-ctx.Done():
				p.stop()
				return nil, usage("--exec: nobody listens at %s after %v", host(address), startTime)
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	return p, nil
}

// died returns an error if the process has ended, with the last that it said.
func (p *process) died() error {
	select {
	case <-p.done:
	default:
		return nil
	}
	how := "status 0"
	if p.err != nil {
		how = p.err.Error()
	}
	return fmt.Errorf("the command ended (%s); its last words: %q", how, p.said.String())
}

// stop ends the process and all that it started.
func (p *process) stop() {
	select {
	case <-p.done:
		return
	default:
	}
	end(p.cmd, false)
	select {
	case <-p.done:
	case <-time.After(stopTime):
		end(p.cmd, true)
		<-p.done
	}
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "?"
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func listens(ctx context.Context, address string) bool {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", host(address))
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// tail keeps the end of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailLength = 500

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, b...)
	t.b = t.b[max(0, len(t.b)-tailLength):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.b))
}

var _ io.Writer = (*tail)(nil)
