package clickhttp

import (
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// maxWindow bounds what one compressed request body may make the decoder
// allocate, in bytes: the largest window of zstd --ultra.
const maxWindow = 128 << 20

// blockSize is how much goes into one compressed block of a response, in
// bytes: ClickHouse's DBMS_DEFAULT_BUFFER_SIZE.
const blockSize = 1 << 20

// decoder opens a request body of the given Content-Encoding.
func decoder(body io.Reader, encoding string) (io.Reader, error) {
	var (
		r   io.Reader
		err error
	)
	switch encoding {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(body)
	case "deflate":
		r, err = zlib.NewReader(body)
	case "br":
		r = brotli.NewReader(body)
	case "zstd":
		r, err = zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow))
	case "lz4":
		r = lz4.NewReader(body)
	case "bz2":
		r = bzip2.NewReader(body)
	default:
		return nil, refuse(codeNotImplemented, "Unknown compression method: %s.", encoding)
	}
	if err != nil {
		return nil, refuse(codeDecompress, "Cannot decompress the body as %s: %v.", encoding, err)
	}
	return r, nil
}

// encoder wraps w in the first encoding of ours that accept names, and says
// which; without one, the name is empty.
func encoder(w io.Writer, accept string) (io.WriteCloser, string) {
	for _, encoding := range []string{"zstd", "gzip", "deflate", "br", "lz4"} {
		if !accepts(accept, encoding) {
			continue
		}
		switch encoding {
		case "zstd":
			z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
			if err == nil {
				return z, encoding
			}
		case "gzip":
			return gzip.NewWriter(w), encoding
		case "deflate":
			return zlib.NewWriter(w), encoding
		case "br":
			return brotli.NewWriterLevel(w, brotli.BestSpeed), encoding
		case "lz4":
			return lz4.NewWriter(w), encoding
		}
	}
	return plain{w}, ""
}

func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == encoding {
			return strings.ReplaceAll(quality, " ", "") != "q=0"
		}
	}
	return false
}

// plain writes as it is.
type plain struct{ io.Writer }

func (plain) Close() error { return nil }

// blockWriter writes ClickHouse's compressed blocks (compress=1).
type blockWriter struct {
	out  io.Writer
	comp *compress.Writer
	held []byte
}

// newBlockWriter takes the value of network_compression_method.
func newBlockWriter(out io.Writer, method string) *blockWriter {
	m := compress.LZ4
	switch strings.ToUpper(method) {
	case "ZSTD":
		m = compress.ZSTD
	case "LZ4HC":
		m = compress.LZ4HC
	case "NONE":
		m = compress.None
	}
	return &blockWriter{out: out, comp: compress.NewWriter(compress.LevelZero, m)}
}

func (b *blockWriter) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 {
		n := min(len(p), blockSize-len(b.held))
		b.held = append(b.held, p[:n]...)
		p = p[n:]
		if len(b.held) == blockSize {
			if err := b.flush(); err != nil {
				return 0, err
			}
		}
	}
	return total, nil
}

func (b *blockWriter) flush() error {
	if len(b.held) == 0 {
		return nil
	}
	if err := b.comp.Compress(b.held); err != nil {
		return err
	}
	b.held = b.held[:0]
	_, err := b.out.Write(b.comp.Data)
	return err
}

// Close writes what is held, and leaves the writer below open.
func (b *blockWriter) Close() error { return b.flush() }

// blockReader reads ClickHouse's compressed blocks (decompress=1). Unlike the
// reader it wraps, it tells an end between blocks from one within.
type blockReader struct {
	in     *counter
	blocks *compress.Reader
	// whole is where the last block that was read in full ends.
	whole int64
}

func newBlockReader(r io.Reader) *blockReader {
	in := &counter{r: r}
	return &blockReader{in: in, blocks: compress.NewReader(in)}
}

func (b *blockReader) Read(p []byte) (int, error) {
	n, err := b.blocks.Read(p)
	if err == nil {
		b.whole = b.in.n
		return n, nil
	}
	var corrupted *compress.CorruptedDataErr
	switch {
	case errors.Is(err, io.EOF) && b.in.n == b.whole:
		return n, io.EOF
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return n, io.ErrUnexpectedEOF
	case errors.As(err, &corrupted):
		return n, refuse(codeChecksum, "Checksum doesn't match: corrupted data.")
	}
	return n, refuse(codeDecompress, "Cannot decompress the body: %v.", err)
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
