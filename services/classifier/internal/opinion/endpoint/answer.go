package endpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/earshot/earshot/services/classifier/internal/opinion"
)

// completion is the part of a chat completion that counts
// (https://platform.openai.com/docs/api-reference/chat/object).
type completion struct {
	Choices []struct {
		Message struct {
			Content string `json:"content"`
			Refusal string `json:"refusal"`
		} `json:"message"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
}

// What is wrong with an answer. None of them quotes it: a model may repeat the post.
var (
	errNoCompletion = errors.New("the answer is no chat completion")
	errRefused      = fmt.Errorf("%w: the model refused", opinion.ErrUnusable)
	errUnfinished   = fmt.Errorf("%w: it is cut off or filtered", opinion.ErrUnusable)
	errShape        = fmt.Errorf("%w: it is not the JSON that was asked for", opinion.ErrUnusable)
	errRange        = fmt.Errorf("%w: a likelihood is not between 0 and 1", opinion.ErrUnusable)
	errIncomplete   = fmt.Errorf("%w: it has none of the kinds asked", opinion.ErrUnusable)
)

// parse reads a chat completion strictly: one finished choice, whose content is one JSON
// object with likelihoods and nothing else. Kinds that nobody asked for are left out.
func parse(body []byte, kinds []string) (opinion.Scores, error) {
	var c completion
	if err := json.Unmarshal(body, &c); err != nil || len(c.Choices) == 0 {
		return nil, errNoCompletion
	}
	first := c.Choices[0]
	switch {
	case first.Message.Refusal != "":
		return nil, errRefused
	case first.FinishReason != "stop" && first.FinishReason != "":
		return nil, errUnfinished
	}
	return likelihoods([]byte(first.Message.Content), kinds)
}

func likelihoods(content []byte, kinds []string) (opinion.Scores, error) {
	var answer struct {
		Likelihoods map[string]*float64 `json:"likelihoods"`
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&answer); err != nil {
		return nil, errShape
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errShape
	}
	scores := opinion.Scores{}
	for kind, p := range answer.Likelihoods {
		switch {
		case !slices.Contains(kinds, kind):
		case p == nil:
			return nil, errShape
		default:
			scores[kind] = *p
		}
	}
	if scores.Check() != nil {
		return nil, errRange
	}
	if len(scores) == 0 {
		return nil, errIncomplete
	}
	return scores, nil
}
