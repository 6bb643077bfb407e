// Package tokens cuts texts into the numbers that a language model was trained on, as the
// file tokenizer.json of the Hugging Face library "tokenizers" says.
//
// It knows the two usual kinds: WordPiece as in BERT, and byte-level BPE as in RoBERTa.
// What it does not know in a file is an error: a text cut otherwise than in training would
// be judged wrongly without a sign. It differs from the library in one point: a text that
// spells a control token, such as "[SEP]", gets ordinary numbers; strangers give no commands.
package tokens

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Tokenizer cuts texts. Safe for concurrent use.
type Tokenizer struct {
	before, after []int64
	cut           func(text string, limit int) []int64
}

// Encode returns the numbers of a text with those that the model wants before and after it,
// at most limit in all: the end of a longer text is left out. It takes time linear in the
// text, but for a logarithm, whatever the text.
func (t *Tokenizer) Encode(text string, limit int) []int64 {
	room := max(0, limit-len(t.before)-len(t.after))
	cut := t.cut(text, room)
	return slices.Concat(t.before, cut[:min(len(cut), room)], t.after)
}

// file is tokenizer.json as far as we look at it.
type file struct {
	AddedTokens   []added        `json:"added_tokens"`
	Normalizer    *normalizer    `json:"normalizer"`
	PreTokenizer  *preTokenizer  `json:"pre_tokenizer"`
	PostProcessor *postProcessor `json:"post_processor"`
	Model         model          `json:"model"`
}

type added struct {
	ID      int64  `json:"id"`
	Content string `json:"content"`
	Special bool   `json:"special"`
}

type preTokenizer struct {
	Type           string `json:"type"`
	AddPrefixSpace bool   `json:"add_prefix_space"`
	UseRegex       *bool  `json:"use_regex"`
}

// postProcessor says what stands around a text: cls and sep, or a template.
type postProcessor struct {
	Type    string    `json:"type"`
	CLS     specialID `json:"cls"`
	SEP     specialID `json:"sep"`
	Single  []piece   `json:"single"`
	Special map[string]struct {
		IDs []int64 `json:"ids"`
	} `json:"special_tokens"`
}

// piece is one of a template: a special token, or the text.
type piece struct {
	SpecialToken *struct{ ID string } `json:"SpecialToken"`
	Sequence     *struct{ ID string } `json:"Sequence"`
}

// specialID is ["[CLS]", 101].
type specialID int64

func (s *specialID) UnmarshalJSON(data []byte) error {
	var name string
	return json.Unmarshal(data, &[2]any{&name, (*int64)(s)})
}

type model struct {
	Type         string           `json:"type"`
	Vocab        map[string]int64 `json:"vocab"`
	Unknown      string           `json:"unk_token"`
	Prefix       string           `json:"continuing_subword_prefix"`
	Suffix       string           `json:"end_of_word_suffix"`
	MaxChars     int              `json:"max_input_chars_per_word"`
	Merges       []merge          `json:"merges"`
	ByteFallback bool             `json:"byte_fallback"`
	IgnoreMerges bool             `json:"ignore_merges"`
}

// Read reads a tokenizer.json. The error names the field.
func Read(data []byte) (*Tokenizer, error) {
	var f file
	// The vocabulary of a model that we do not know may be no object.
	var kind struct{ Model struct{ Type string } }
	if err := json.Unmarshal(data, &kind); err != nil {
		return nil, err
	}
	if k := kind.Model.Type; k != "WordPiece" && k != "BPE" {
		return nil, fmt.Errorf("model.type: %q is not WordPiece or BPE", k)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	for _, a := range f.AddedTokens {
		if !a.Special {
			return nil, fmt.Errorf("added_tokens: %q is not special, and such are not known here", a.Content)
		}
	}
	if len(f.Model.Vocab) == 0 {
		return nil, errors.New("model.vocab: is empty")
	}
	for token, id := range f.Model.Vocab {
		if id < 0 {
			return nil, fmt.Errorf("model.vocab: %q has the number %d", token, id)
		}
	}
	t := new(Tokenizer)
	err := t.surround(f.PostProcessor)
	if err != nil {
		return nil, err
	}
	if f.Model.Type == "BPE" {
		t.cut, err = f.byteLevel()
	} else {
		t.cut, err = f.wordPiece()
	}
	return t, err
}

// surround reads what stands before and after a text.
func (t *Tokenizer) surround(p *postProcessor) error {
	if p == nil {
		return nil
	}
	switch p.Type {
	case "BertProcessing", "RobertaProcessing":
		t.before, t.after = []int64{int64(p.CLS)}, []int64{int64(p.SEP)}
	case "TemplateProcessing":
		side := &t.before
		for _, piece := range p.Single {
			if piece.SpecialToken == nil {
				side = &t.after
				continue
			}
			special, ok := p.Special[piece.SpecialToken.ID]
			if !ok {
				return fmt.Errorf("post_processor.special_tokens: has no %q", piece.SpecialToken.ID)
			}
			*side = append(*side, special.IDs...)
		}
	default:
		return fmt.Errorf("post_processor.type: %q is not BertProcessing, RobertaProcessing or TemplateProcessing", p.Type)
	}
	return nil
}
