// Package ort binds ONNX Runtime, without cgo: a session on a model whose inputs are token
// numbers and whose output is one row of figures.
//
// It knows nothing of text or labels, and loads no code but the library it is given. A
// model that cannot be read is an error, not a crash.
//
// The calls and their places in the table are those of onnxruntime_c_api.h, which only ever
// appends: one of version 17 (ONNX Runtime 1.17, January 2024) or later has them all.
package ort

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/ebitengine/purego"
)

// apiVersion is ORT_API_VERSION.
const apiVersion = 17

// handle is a pointer that ONNX Runtime gave out and alone may read; 0 as a status is
// success.
type handle uintptr

// table is the part of OrtApi that we look at: addresses of functions.
type table [101]uintptr

// library is a loaded ONNX Runtime. It stays loaded until the process ends. Safe for
// concurrent use.
type library struct {
	version string

	errorMessage  func(status handle) string
	releaseStatus func(status handle)

	createEnv        func(severity int32, name *byte, env *handle) handle
	disableTelemetry func(env handle) handle
	releaseEnv       func(env handle)

	createOptions     func(options *handle) handle
	setThreads        func(options handle, threads int32) handle
	releaseOptions    func(options handle)
	createSession     func(env handle, path *byte, options handle, session *handle) handle
	releaseSession    func(session handle)
	countInputs       func(session handle, count *uint) handle
	countOutputs      func(session handle, count *uint) handle
	inputType         func(session handle, index uint, info *handle) handle
	outputType        func(session handle, index uint, info *handle) handle
	inputName         func(session handle, index uint, allocator handle, name **byte) handle
	outputName        func(session handle, index uint, allocator handle, name **byte) handle
	defaultAllocator  func(allocator *handle) handle
	free              func(allocator handle, memory unsafe.Pointer) handle
	tensorInfo        func(info handle, tensor *handle) handle
	elementType       func(tensor handle, kind *int32) handle
	countDimensions   func(tensor handle, count *uint) handle
	dimensions        func(tensor handle, sizes *int64, count uint) handle
	releaseType       func(info handle)
	createRunOptions  func(options *handle) handle
	terminate         func(options handle) handle
	releaseRunOptions func(options handle)
	createMemoryInfo  func(allocator, memory int32, info *handle) handle
	releaseMemoryInfo func(info handle)
	createTensor      func(info handle, data unsafe.Pointer, size uint, shape *int64, rank uint, kind int32, value *handle) handle
	run               func(session, options handle, inputNames **byte, inputs *handle, inputCount uint, outputNames **byte, outputCount uint, outputs *handle) handle
	valueInfo         func(value handle, tensor *handle) handle
	valueData         func(value handle, data **float32) handle
	releaseTensorInfo func(tensor handle)
	releaseValue      func(value handle)
}

// load opens the library at path and fills in its functions. The error names the path.
func load(path string) (*library, error) {
	image, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	address, err := purego.Dlsym(image, "OrtGetApiBase")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var base func() *[2]uintptr
	purego.RegisterFunc(&base, address)
	var api func(version uint32) *table
	var version func() string
	purego.RegisterFunc(&api, base()[0])
	purego.RegisterFunc(&version, base()[1])
	functions := api(apiVersion)
	if functions == nil {
		return nil, fmt.Errorf("%s: ONNX Runtime %s is older than 1.%d", path, version(), apiVersion)
	}
	l := &library{version: version()}
	for place, function := range l.places() {
		purego.RegisterFunc(function, functions[place])
	}
	return l, nil
}

// places gives by its place in the table of OrtApi what each function is here.
func (l *library) places() map[int]any {
	return map[int]any{
		2: &l.errorMessage, 93: &l.releaseStatus,
		3: &l.createEnv, 6: &l.disableTelemetry, 92: &l.releaseEnv,
		10: &l.createOptions, 24: &l.setThreads, 100: &l.releaseOptions,
		7: &l.createSession, 95: &l.releaseSession,
		30: &l.countInputs, 31: &l.countOutputs, 33: &l.inputType, 34: &l.outputType,
		36: &l.inputName, 37: &l.outputName, 78: &l.defaultAllocator, 76: &l.free,
		55: &l.tensorInfo, 60: &l.elementType, 61: &l.countDimensions, 62: &l.dimensions, 98: &l.releaseType,
		39: &l.createRunOptions, 46: &l.terminate, 97: &l.releaseRunOptions,
		69: &l.createMemoryInfo, 94: &l.releaseMemoryInfo, 49: &l.createTensor,
		9: &l.run, 65: &l.valueInfo, 51: &l.valueData, 99: &l.releaseTensorInfo, 96: &l.releaseValue,
	}
}

// check turns a status into an error, nil when all went well, and frees it.
func (l *library) check(status handle) error {
	if status == 0 {
		return nil
	}
	defer l.releaseStatus(status)
	return errors.New(l.errorMessage(status))
}

// text copies a C string and frees it.
func (l *library) text(allocator handle, memory *byte) string {
	size := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(memory), size)) != 0 { //nolint:gosec // ends at the zero byte
		size++
	}
	text := string(unsafe.Slice(memory, size)) //nolint:gosec // copied before it is freed
	l.free(allocator, unsafe.Pointer(memory))  //nolint:gosec // ours to free
	return text
}

// cString is text as C wants it.
func cString(text string) *byte { return &append([]byte(text), 0)[0] }
