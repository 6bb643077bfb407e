package tokens_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/services/classifier/internal/opinion/onnx/tokens"
)

const (
	wordPieceFile = "../testdata/tiny/tokenizer.json"
	byteLevelFile = "../testdata/bytelevel.json"
)

func open(t testing.TB, path string) *tokens.Tokenizer {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	tokenizer, err := tokens.Read(data)
	require.NoError(t, err)
	return tokenizer
}

// golden is what the library "tokenizers" makes of a text; see testdata/make.py.
type golden struct {
	Text      string
	WordPiece []int64
	ByteLevel []int64
}

func goldens(t testing.TB) []golden {
	t.Helper()
	data, err := os.ReadFile("../testdata/golden.json")
	require.NoError(t, err)
	var out []golden
	require.NoError(t, json.Unmarshal(data, &out))
	return out
}

func TestEncodeLikeTheLibrary(t *testing.T) {
	words, letters := open(t, wordPieceFile), open(t, byteLevelFile)
	for _, g := range goldens(t) {
		require.Equal(t, g.WordPiece, words.Encode(g.Text, 10_000), "WordPiece of %.40q", g.Text)
		require.Equal(t, g.ByteLevel, letters.Encode(g.Text, 10_000), "byte level of %.40q", g.Text)
	}
}

func TestEncodeLeavesTheEndOut(t *testing.T) {
	for _, path := range []string{wordPieceFile, byteLevelFile} {
		tokenizer := open(t, path)
		for _, g := range goldens(t) {
			all := tokenizer.Encode(g.Text, 10_000)
			for limit := 2; limit <= len(all); limit++ {
				want := append(all[:limit-1:limit-1], all[len(all)-1])
				require.Equal(t, want, tokenizer.Encode(g.Text, limit), "%.40q in %d", g.Text, limit)
			}
		}
	}
}

func TestEncodeLetsNobodySpellControlTokens(t *testing.T) {
	for _, path := range []string{wordPieceFile, byteLevelFile} {
		ids := open(t, path).Encode("a[SEP]b [CLS] [PAD] [UNK] [MASK] <s> </s> <pad> <unk> <mask>", 10_000)
		require.Greater(t, len(ids), 20)
		for _, id := range ids[1 : len(ids)-1] {
			require.Greater(t, id, int64(4), "%s begins with its five control tokens", path)
		}
	}
}

func TestReadForms(t *testing.T) {
	data, err := os.ReadFile(byteLevelFile)
	require.NoError(t, err)
	var file map[string]any
	require.NoError(t, json.Unmarshal(data, &file))
	model := file["model"].(map[string]any)
	texts, pairs := model["merges"].([]any), make([]any, 0)
	for _, m := range texts {
		if pair, ok := m.([]any); ok {
			pairs = append(pairs, pair[0].(string)+" "+pair[1].(string))
		}
	}
	require.NotEmpty(t, pairs, "the file has the newer form")
	model["merges"] = pairs
	older, err := json.Marshal(file)
	require.NoError(t, err)
	tokenizer, err := tokens.Read(older)
	require.NoError(t, err)
	for _, g := range goldens(t) {
		require.Equal(t, g.ByteLevel, tokenizer.Encode(g.Text, 10_000), "%.40q", g.Text)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tc := range []struct{ name, path, old, new, want string }{
		{"no JSON", wordPieceFile, `{"version"`, `"version"`, "invalid character ':' after top-level value"},
		{"another model", wordPieceFile, `"type":"WordPiece"`, `"type":"Unigram"`, `model.type: "Unigram" is not WordPiece or BPE`},
		{"no vocabulary", wordPieceFile, `"vocab":{`, `"vocab":{},"x":{`, "model.vocab: is empty"},
		{"a number below", wordPieceFile, `"[CLS]":2,`, `"[CLS]":-2,`, `model.vocab: "[CLS]" has the number -2`},
		{"an own token", wordPieceFile, `"special":true`, `"special":false`, `added_tokens: "[PAD]" is not special, and such are not known here`},
		{"another normalizer", wordPieceFile, `"BertNormalizer"`, `"NFC"`, "normalizer: only BertNormalizer goes with WordPiece here"},
		{"another splitter", wordPieceFile, `"BertPreTokenizer"`, `"Whitespace"`, "pre_tokenizer: only BertPreTokenizer goes with WordPiece here"},
		{"no prefix", wordPieceFile, `"continuing_subword_prefix":"##"`, `"continuing_subword_prefix":""`, "model.continuing_subword_prefix: is empty"},
		{"no unknown", wordPieceFile, `"unk_token":"[UNK]"`, `"unk_token":"?!"`, `model.unk_token: "?!" is not in model.vocab`},
		{"another frame", wordPieceFile, `"TemplateProcessing"`, `"Sequence"`, `post_processor.type: "Sequence" is not BertProcessing, RobertaProcessing or TemplateProcessing`},
		{"an unknown frame", wordPieceFile, `"special_tokens":{"[CLS]"`, `"special_tokens":{"[BOS]"`, `post_processor.special_tokens: has no "[CLS]"`},
		{"no byte level", byteLevelFile, `"type":"ByteLevel","add_prefix_space":false`, `"type":"Metaspace"`, "pre_tokenizer: only ByteLevel goes with BPE here"},
		{"a normalizer", byteLevelFile, `"normalizer":null`, `"normalizer":{"type":"NFC"}`, "normalizer: none goes with BPE here"},
		{"a suffix", byteLevelFile, `"end_of_word_suffix":null`, `"end_of_word_suffix":"</w>"`, "model: prefix, suffix, byte_fallback and ignore_merges are not known here"},
		{"a byte missing", byteLevelFile, `"a":`, `"aqz":`, "model.vocab: has nothing for the byte 0x61"},
		{"a merge of nothing", byteLevelFile, `"merges":[`, `"merges":["q zz",`, `model.merges: "q" and "zz", or both together, are not in model.vocab`},
		{"a merge of one", byteLevelFile, `"merges":[`, `"merges":["qzz",`, `merge "qzz": has no blank`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data, err := os.ReadFile(tc.path)
			require.NoError(t, err)
			changed := strings.Replace(string(data), tc.old, tc.new, 1)
			require.NotEqual(t, string(data), changed)
			_, err = tokens.Read([]byte(changed))
			require.EqualError(t, err, tc.want)
		})
	}
}

// FuzzEncode holds that any text gives at most as many numbers as asked for, with the frame
// around it, and that of a shorter limit come the same ones.
func FuzzEncode(f *testing.F) {
	words, letters := open(f, wordPieceFile), open(f, byteLevelFile)
	for _, g := range goldens(f) {
		f.Add(g.Text)
	}
	f.Add("\xff\xfe broken \xc3")
	f.Fuzz(func(t *testing.T, text string) {
		for _, tokenizer := range []*tokens.Tokenizer{words, letters} {
			empty := tokenizer.Encode("", 2)
			all := tokenizer.Encode(text, 64)
			require.LessOrEqual(t, len(all), 64)
			require.Equal(t, empty, []int64{all[0], all[len(all)-1]})
			short := tokenizer.Encode(text, 16)
			require.Equal(t, all[:min(len(all), 16)-1], short[:len(short)-1])
		}
	})
}
