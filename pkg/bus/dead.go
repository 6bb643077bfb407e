package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Headers of a dead letter, beside those that the message had.
const (
	headerDead      = "earshot-"
	headerReason    = headerDead + "reason"
	headerError     = headerDead + "error"
	headerTopic     = headerDead + "topic"
	headerPartition = headerDead + "partition"
	headerOffset    = headerDead + "offset"
	headerService   = headerDead + "service"
	headerCut       = headerDead + "cut"
)

// maxErrorBytes bounds the error text in a dead letter.
const maxErrorBytes = 1000

// ErrNotFound tells that no dead letter stands at the given place.
var ErrNotFound = errors.New("no such dead letter")

// Dead is a dead letter, read back.
type Dead struct {
	// Message is the letter as it lies in [TopicDead].
	Message Message
	Service string
	Reason  string
	Error   string
	// Topic, Partition and Offset are where the message was read.
	Topic     string
	Partition int
	Offset    int64
	// Cut tells that the message did not fit into a letter, which then holds only the
	// begin of its value. The whole of it is where it was read, as long as that is kept.
	Cut bool
}

// DeadLetter wraps a message that can never succeed: same key, value and headers, and
// the reason in further headers. What does not fit into [MaxMessageBytes] is cut.
func DeadLetter(m Message, service string, r Reject) Message {
	headers := make([]Header, 0, len(m.Headers)+6)
	for _, h := range m.Headers {
		if !strings.HasPrefix(h.Key, headerDead) {
			headers = append(headers, h)
		}
	}
	text := ""
	if r.Err != nil {
		text = strings.ToValidUTF8(r.Err.Error(), "\uFFFD")
		text = strings.ToValidUTF8(text[:min(len(text), maxErrorBytes)], "")
	}
	headers = append(headers,
		Header{headerReason, r.Reason},
		Header{headerError, text},
		Header{headerTopic, m.Topic},
		Header{headerPartition, strconv.Itoa(m.Partition)},
		Header{headerOffset, strconv.FormatInt(m.Offset, 10)},
		Header{headerService, service})
	return fit(Message{Topic: TopicDead, Key: m.Key, Value: m.Value, Headers: headers})
}

// fit cuts a letter that could not be written: the end of its value, or, where key and
// headers alone are too large, all but the reason.
func fit(letter Message) Message {
	if size(letter) <= MaxMessageBytes {
		return letter
	}
	value := letter.Value
	letter.Value = nil
	letter.Headers = append(letter.Headers, Header{headerCut, "true"})
	if size(letter) > MaxMessageBytes {
		letter.Key = nil
		letter.Headers = slices.DeleteFunc(letter.Headers, func(h Header) bool { return !strings.HasPrefix(h.Key, headerDead) })
	}
	letter.Value = value[:min(len(value), MaxMessageBytes-size(letter))]
	return letter
}

// ParseDead reads the headers of a dead letter. What is missing or broken stays empty,
// or -1 for numbers: an operator wants to see such a letter, too.
func ParseDead(m Message) Dead {
	d := Dead{
		Message: m, Service: m.Header(headerService), Reason: m.Header(headerReason),
		Error: m.Header(headerError), Topic: m.Header(headerTopic), Partition: -1, Offset: -1,
		Cut: m.Header(headerCut) != "",
	}
	if n, err := strconv.Atoi(m.Header(headerPartition)); err == nil {
		d.Partition = n
	}
	if n, err := strconv.ParseInt(m.Header(headerOffset), 10, 64); err == nil {
		d.Offset = n
	}
	return d
}

// Original is the message as it was before it died.
func (d Dead) Original() Message {
	m := Message{Topic: d.Topic, Key: d.Message.Key, Value: d.Message.Value}
	for _, h := range d.Message.Headers {
		if !strings.HasPrefix(h.Key, headerDead) {
			m.Headers = append(m.Headers, h)
		}
	}
	return m
}

// ListDead calls fn with every dead letter that is there now, partition by partition.
// An error of fn ends the list and is returned.
func ListDead(ctx context.Context, c Config, fn func(Dead) error) error {
	return ReadAll(ctx, c, TopicDead, func(m Message) error { return fn(ParseDead(m)) })
}

// Place is where a message lies in its topic.
type Place struct {
	Partition int
	Offset    int64
}

// Redrive writes dead letters to the topics they came from, as they were, and returns
// how many. Without places it takes all that match; with places, just those, and one
// that is not there gives [ErrNotFound]. A letter that is cut ends it. The letters stay where they are: a log does not
// forget, and repeats are harmless.
func Redrive(ctx context.Context, w *Writer, match func(Dead) bool, places ...Place) (int, error) {
	missing := make(map[Place]bool, len(places))
	for _, p := range places {
		missing[p] = true
	}
	count := 0
	err := ListDead(ctx, w.config, func(d Dead) error {
		place := Place{d.Message.Partition, d.Message.Offset}
		if len(places) > 0 && !missing[place] || match != nil && !match(d) {
			return nil
		}
		delete(missing, place)
		if d.Topic == "" {
			return fmt.Errorf("dead letter %d/%d names no topic", place.Partition, place.Offset)
		}
		if d.Cut {
			return fmt.Errorf("dead letter %d/%d is cut; the whole message was %s/%d at offset %d",
				place.Partition, place.Offset, d.Topic, d.Partition, d.Offset)
		}
		if err := w.Write(ctx, d.Original()); err != nil {
			return err
		}
		count++
		return nil
	})
	if err != nil {
		return count, err
	}
	for p := range missing {
		return count, fmt.Errorf("%d/%d: %w", p.Partition, p.Offset, ErrNotFound)
	}
	return count, nil
}
