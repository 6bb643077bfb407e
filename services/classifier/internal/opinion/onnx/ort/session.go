package ort

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"unsafe"
)

// Types of ONNXTensorElementDataType.
const (
	float32Type = 1
	int64Type   = 7
)

const (
	severityFatal   = 4 // ORT_LOGGING_LEVEL_FATAL: errors come back as statuses
	deviceAllocator = 0 // OrtDeviceAllocator
	defaultMemory   = 0 // OrtMemTypeDefault
)

// Session is an opened model. Safe for concurrent use until Close.
type Session struct {
	lib         *library
	env         handle
	session     handle
	memory      handle
	inputs      []string
	inputNames  []*byte
	outputNames []*byte
}

// Options say what to open.
type Options struct {
	// Library is the path of libonnxruntime, Model that of the .onnx file.
	Library, Model string
	// Threads is how many work on one run, 1 or more.
	Threads int
}

// Open loads the library and the model, whose inputs must be of int64 and whose first
// output of float32; it looks at no other output. The error names the file.
func Open(o Options) (*Session, error) {
	lib, err := load(o.Library)
	if err != nil {
		return nil, fmt.Errorf("load ONNX Runtime: %w", err)
	}
	s := &Session{lib: lib}
	if err := s.open(o); err != nil {
		s.Close()
		return nil, fmt.Errorf("%s: %w", o.Model, err)
	}
	return s, nil
}

func (s *Session) open(o Options) error {
	var options handle
	defer func() { s.lib.releaseOptions(options) }()
	for _, step := range []func() handle{
		func() handle { return s.lib.createEnv(severityFatal, cString("earshot"), &s.env) },
		func() handle { return s.lib.disableTelemetry(s.env) },
		func() handle { return s.lib.createOptions(&options) },
		func() handle { return s.lib.setThreads(options, int32(o.Threads)) },
		func() handle { return s.lib.createSession(s.env, cString(o.Model), options, &s.session) },
		func() handle { return s.lib.createMemoryInfo(deviceAllocator, defaultMemory, &s.memory) },
	} {
		if err := s.lib.check(step()); err != nil {
			return err
		}
	}
	return s.describe()
}

// describe reads the names of inputs and of the first output, and checks their types.
func (s *Session) describe() error {
	var inputs, outputs uint
	if err := s.lib.check(s.lib.countInputs(s.session, &inputs)); err != nil {
		return err
	}
	if err := s.lib.check(s.lib.countOutputs(s.session, &outputs)); err != nil {
		return err
	}
	if inputs == 0 || outputs == 0 {
		return errors.New("the model has no input or no output")
	}
	for i := range inputs {
		name, err := s.port(i, port{s.lib.inputName, s.lib.inputType, int64Type, "input", "int64"})
		if err != nil {
			return err
		}
		s.inputs = append(s.inputs, name)
		s.inputNames = append(s.inputNames, cString(name))
	}
	name, err := s.port(0, port{s.lib.outputName, s.lib.outputType, float32Type, "output", "float32"})
	s.outputNames = []*byte{cString(name)}
	return err
}

// port is how to look at an input or output, and of which type it must be.
type port struct {
	name     func(session handle, index uint, allocator handle, name **byte) handle
	kind     func(session handle, index uint, info *handle) handle
	want     int32
	what, of string
}

func (s *Session) port(i uint, p port) (string, error) {
	var allocator, info, tensor handle
	var memory *byte
	if err := s.lib.check(s.lib.defaultAllocator(&allocator)); err != nil {
		return "", err
	}
	if err := s.lib.check(p.name(s.session, i, allocator, &memory)); err != nil {
		return "", err
	}
	name := s.lib.text(allocator, memory)
	if err := s.lib.check(p.kind(s.session, i, &info)); err != nil {
		return "", err
	}
	defer s.lib.releaseType(info)
	if err := s.lib.check(s.lib.tensorInfo(info, &tensor)); err != nil {
		return "", err
	}
	var got int32
	if tensor != 0 {
		if err := s.lib.check(s.lib.elementType(tensor, &got)); err != nil {
			return "", err
		}
	}
	if got != p.want {
		return "", fmt.Errorf("%s %q is not a tensor of %s", p.what, name, p.of)
	}
	return name, nil
}

// Version is that of the library, such as "1.30.0".
func (s *Session) Version() string { return s.lib.version }

// Inputs are the names of what Run takes, in its order.
func (s *Session) Inputs() []string { return slices.Clone(s.inputs) }

// Close frees the model. No Run may be going on; a second Close does nothing.
func (s *Session) Close() {
	s.lib.releaseMemoryInfo(s.memory)
	s.lib.releaseSession(s.session)
	s.lib.releaseEnv(s.env)
	s.memory, s.session, s.env = 0, 0, 0
}

// Run gives the model one row of numbers for each of its inputs, all of one length of 1 or
// more, and returns the one row of figures that it answers. It stops when ctx ends, between
// two steps of the model, and returns ctx's error.
func (s *Session) Run(ctx context.Context, rows [][]int64) ([]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(rows) != len(s.inputs) {
		return nil, fmt.Errorf("%d rows for the %d inputs %q", len(rows), len(s.inputs), s.inputs)
	}
	var pins runtime.Pinner
	defer pins.Unpin()
	values := make([]handle, len(rows))
	defer func() {
		for _, v := range values {
			s.lib.releaseValue(v)
		}
	}()
	for i, row := range rows {
		pins.Pin(&row[0])
		size := uint(len(row)) * uint(unsafe.Sizeof(row[0]))
		shape := []int64{1, int64(len(row))}
		status := s.lib.createTensor(s.memory, unsafe.Pointer(&row[0]), size, &shape[0], 2, int64Type, &values[i]) //nolint:gosec // pinned
		if err := s.lib.check(status); err != nil {
			return nil, err
		}
	}
	output, err := s.run(ctx, values)
	defer s.lib.releaseValue(output)
	if err != nil {
		return nil, err
	}
	return s.row(output)
}

// run runs the model until it ends or ctx does. The caller frees the output.
func (s *Session) run(ctx context.Context, values []handle) (handle, error) {
	var options, output handle
	if err := s.lib.check(s.lib.createRunOptions(&options)); err != nil {
		return 0, err
	}
	defer s.lib.releaseRunOptions(options)
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		_ = s.lib.check(s.lib.terminate(options)) // it only sets a flag
	})
	err := s.lib.check(s.lib.run(s.session, options,
		&s.inputNames[0], &values[0], uint(len(values)), &s.outputNames[0], 1, &output))
	if !stop() {
		<-stopped // it may be looking at options
		if err != nil {
			return output, ctx.Err()
		}
	}
	return output, err
}

// row copies a tensor of shape [1, n].
func (s *Session) row(value handle) ([]float32, error) {
	var tensor handle
	if err := s.lib.check(s.lib.valueInfo(value, &tensor)); err != nil {
		return nil, err
	}
	defer s.lib.releaseTensorInfo(tensor)
	var rank uint
	if err := s.lib.check(s.lib.countDimensions(tensor, &rank)); err != nil {
		return nil, err
	}
	var shape [2]int64
	if rank != 2 {
		return nil, fmt.Errorf("the output has %d dimensions, not 2", rank)
	}
	if err := s.lib.check(s.lib.dimensions(tensor, &shape[0], rank)); err != nil {
		return nil, err
	}
	if shape[0] != 1 || shape[1] < 1 {
		return nil, fmt.Errorf("the output has shape %v, not one row", shape)
	}
	var data *float32
	if err := s.lib.check(s.lib.valueData(value, &data)); err != nil {
		return nil, err
	}
	return slices.Clone(unsafe.Slice(data, shape[1])), nil //nolint:gosec // until releaseValue
}
