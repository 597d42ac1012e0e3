package reports

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
	"time"

	"dsqlconform/conformance"
	"dsqlconform/model"
)

// TraceSchema is the value of a trace header's member "schema".
const TraceSchema = "dsqlconform/trace/v1"

// TraceHeader is the first line of a trace.
type TraceHeader struct {
	Schema  string    `json:"schema"`
	Target  Target    `json:"target"`
	Seed    uint64    `json:"seed"`
	Started time.Time `json:"started"`
}

// TraceLine is any other line of a trace: a sequence that is about to be
// executed, or one call of an execution. Profile, Seed and Execution together
// tell executions apart. Exactly one of Sequence and Record is set.
type TraceLine struct {
	Profile   string       `json:"profile"`
	Seed      uint64       `json:"seed"`
	Execution int          `json:"execution"`
	Sequence  string       `json:"sequence,omitempty"` // the whole sequence file
	Record    *TraceRecord `json:"record,omitempty"`
}

// TraceWriter writes a trace as it happens. It is safe for concurrent use.
type TraceWriter struct {
	mu  sync.Mutex
	w   io.Writer
	err error
}

// NewTraceWriter writes the header and returns a writer for the lines after
// it. Each line is one call of w.Write, so that on an unbuffered file nothing
// but the line being written is lost in a crash. The schema of the header is
// set; its times and texts are cleaned.
func NewTraceWriter(w io.Writer, header TraceHeader) (*TraceWriter, error) {
	header.Schema = TraceSchema
	header.Target = header.Target.clean()
	header.Started = header.Started.UTC().Truncate(time.Millisecond)
	t := &TraceWriter{w: w}
	return t, t.write(header)
}

// Sequence writes a sequence; call it before the sequence is executed.
func (t *TraceWriter) Sequence(profile string, seed uint64, execution int, s model.Sequence) error {
	return t.write(TraceLine{Profile: clean(profile), Seed: seed, Execution: execution, Sequence: clean(s.String())})
}

// Record writes one call, without secrets. After a failed write nothing more
// is written, so that no half line has another behind it, and every call
// returns that failure.
func (t *TraceWriter) Record(profile string, seed uint64, execution int, r conformance.Record) error {
	return t.write(TraceLine{Profile: clean(profile), Seed: seed, Execution: execution, Record: newTraceRecord(r)})
}

func (t *TraceWriter) write(line any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(line); err != nil {
		return fmt.Errorf("encoding a trace line: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return t.err
	}
	if n, err := t.w.Write(b.Bytes()); err != nil {
		t.err = fmt.Errorf("writing the trace: %w", err)
	} else if n < b.Len() {
		t.err = fmt.Errorf("writing the trace: %w", io.ErrShortWrite)
	}
	return t.err
}

// ErrCut is the last error of a trace whose last line is not whole, as a crash
// leaves it. All lines before it are good.
var ErrCut = errors.New("trace: the last line is cut")

// maxTraceLine is the longest line that ReadTrace reads, in bytes.
const maxTraceLine = 16 << 20

// ReadTrace reads the header of a trace at once and returns its lines as an
// iterator to be used once. The iterator ends after the first error; it is
// [ErrCut] for a cut last line, which most callers may ignore, and names the
// line for anything else. Unknown members are ignored. A trace that is cut
// within its header is an error.
func ReadTrace(r io.Reader) (TraceHeader, iter.Seq2[TraceLine, error], error) {
	in := bufio.NewReader(r)
	var header TraceHeader
	text, whole, err := readLine(in)
	if err != nil {
		return header, nil, fmt.Errorf("trace: line 1: %w", err)
	}
	if len(text) == 0 && !whole {
		return header, nil, errors.New("trace: got an empty file, want a header line")
	}
	if err := json.Unmarshal(text, &header); err != nil {
		return TraceHeader{}, nil, fmt.Errorf("trace: line 1: got no header: %w", err)
	}
	if header.Schema != TraceSchema {
		return TraceHeader{}, nil, fmt.Errorf("trace: line 1: got schema %q, want %q", header.Schema, TraceSchema)
	}
	return header, func(yield func(TraceLine, error) bool) {
		for n := 2; ; n++ {
			line, whole, err := readTraceLine(in)
			switch {
			case err == io.EOF:
				return
			case err == nil:
				if !yield(line, nil) {
					return
				}
			case !whole:
				yield(TraceLine{}, ErrCut)
				return
			default:
				yield(TraceLine{}, fmt.Errorf("trace: line %d: %w", n, err))
				return
			}
		}
	}, nil
}

// readTraceLine returns the next line and whether it ended in a newline, or
// io.EOF.
func readTraceLine(in *bufio.Reader) (line TraceLine, whole bool, err error) {
	text, whole, err := readLine(in)
	if err != nil {
		return line, true, err
	}
	if len(text) == 0 && !whole {
		return line, true, io.EOF
	}
	if err := json.Unmarshal(text, &line); err != nil {
		return TraceLine{}, whole, err
	}
	if (line.Sequence == "") == (line.Record == nil) {
		return TraceLine{}, true, errors.New(`want one of "sequence" and "record"`)
	}
	return line, whole, nil
}

// readLine returns the next line without its newline, and whether it had one.
// At the end of the input it returns no text and false.
func readLine(in *bufio.Reader) (text []byte, whole bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		text = append(text, part...)
		if len(text) > maxTraceLine {
			return nil, false, fmt.Errorf("got a line of more than %d bytes", maxTraceLine)
		}
		switch err {
		case nil:
			return text[:len(text)-1], true, nil
		case io.EOF:
			return text, false, nil
		case bufio.ErrBufferFull:
		default:
			return nil, false, err
		}
	}
}
