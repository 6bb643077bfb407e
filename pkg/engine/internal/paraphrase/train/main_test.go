package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
)

const shared = "../../../../../../shared/data"

// small writes a folder of data and one of examples, of few words each.
func small(t *testing.T) (data, examples string) {
	t.Helper()
	data, examples = t.TempDir(), t.TempDir()
	lines := columns + "\n"
	for i := range 30 {
		lines += fmt.Sprintf("advice\trep\tfinance\ten\tgo zibble the shares number %d of {b}\n", i)
		lines += fmt.Sprintf("\trep\tfinance\ten\tthe weather is fine on day %d at {b}\n", i)
	}
	write(t, filepath.Join(examples, "a.tsv"), lines)
	for _, name := range slices.Concat(backgrounds, publicBackgrounds) {
		write(t, filepath.Join(data, name, "train.tsv.gz"), packed(t, "label\ttext\n0\thello there\n1\tgood morning\n"))
	}
	scams := "label\tlabels\ttext\n"
	for range scamGroups {
		scams += "scam\tscam\tfree wobble coins\nclean\tclean\tfree parking\n"
	}
	write(t, filepath.Join(data, "janitr_social_scam", "train.tsv.gz"), packed(t, scams))
	posts := ""
	for i := range 12 {
		posts += line(i, "employee", "financial advisor", "please zibble today", `["advice"]`) + line(i, "employee", "teller", "soup today", "[]") + line(i, "mention", "", "zibble", `["advice"]`)
	}
	write(t, filepath.Join(data, "riskbench", "a.jsonl"), posts)
	return data, examples
}

func line(brand int, kind, role, text, kinds string) string {
	return fmt.Sprintf(`{"brand":{"id":"b%d","name":"Brand %d","industry":"finance"},"post":{"kind":%q,"text":%q,"author":{"role":%q}},"labels":{"reputation":{"kinds":[]},"compliance":{"risk":%t,"kinds":%s},"leakage":{"kinds":["pii.card"]}}}`+"\n", brand, brand, kind, text, role, kinds != "[]", kinds)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}

func packed(t *testing.T, content string) string {
	t.Helper()
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	_, err := zw.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, zw.Close())
	return out.String()
}

func TestReadTakesLabelledPosts(t *testing.T) {
	data, examples := small(t)
	s, err := read(data, examples)
	require.NoError(t, err)
	insiders, public, scams := 0, 0, 0
	for _, x := range s.examples {
		switch {
		case x.line != nil && x.public:
			public++
		case x.line != nil:
			insiders++
		case x.public && x.brand != "":
			scams++
			require.True(t, x.ungrieved)
		}
	}
	require.Equal(t, 24, insiders, "two insiders' posts a brand")
	require.Equal(t, 12, public)
	require.Equal(t, 2*scamGroups, scams)
	require.Len(t, s.examples, 60+2*len(backgrounds)+2*len(publicBackgrounds)+36+2*scamGroups)
}

func TestHeldOutNeverSawTheBrand(t *testing.T) {
	data, examples := small(t)
	s, err := read(data, examples)
	require.NoError(t, err)
	fold := s.folds()
	require.Len(t, fold, 1+12+scamGroups, "files of examples, brands and groups of scams")
	sizes := map[int]int{}
	for _, n := range fold {
		sizes[n]++
	}
	require.Len(t, sizes, folds)
	held := s.heldOut()
	require.Len(t, held, 60+36+2*scamGroups)
	public := of(held, paraphrase.Scams)
	require.Len(t, public, 2*scamGroups)
	for _, j := range public {
		v := j.verdicts[paraphrase.Scams]
		require.Equal(t, v.is, v.logOdds > 0, "learned from the other groups")
	}
	require.Len(t, of(held, paraphrase.Grievances), 12)
	insiders := of(held, 0)
	require.Len(t, insiders, 24)
	for _, j := range insiders {
		v := j.verdicts[0]
		require.Equal(t, v.is, v.logOdds > 0, "learned from the other brands and the examples")
		require.Equal(t, len(j.kinds) > 0, v.is)
		require.False(t, j.verdicts[1].is, "a card number is no kind of the model")
	}
}

func TestTrainIsDeterministic(t *testing.T) {
	data, examples := small(t)
	var files [2][]byte
	for i := range files {
		out := filepath.Join(t.TempDir(), "weights.bin")
		require.NoError(t, run(io.Discard, data, examples, out, false))
		var err error
		files[i], err = os.ReadFile(out)
		require.NoError(t, err)
	}
	require.Equal(t, files[0], files[1])
	m, err := paraphrase.Decode(files[0])
	require.NoError(t, err)
	require.Equal(t, version, m.Version)
	slope, _, _ := m.Calibration()
	require.Positive(t, slope[0])
}

func TestReadErrors(t *testing.T) {
	for _, tc := range []struct{ name, examples, want string }{
		{"header", "text\nhello\n", "header"},
		{"columns", columns + "\nadvice\trep\thello\n", "line 2 has 3 columns"},
		{"kind", columns + "\nmeh\trep\tfinance\ten\thello\n", `unknown kind "meh"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data, examples := small(t)
			write(t, filepath.Join(examples, "b.tsv"), tc.examples)
			_, err := read(data, examples)
			require.ErrorContains(t, err, tc.want)
			require.ErrorContains(t, err, "b.tsv")
		})
	}
	data, examples := small(t)
	_, err := read(data, t.TempDir())
	require.ErrorContains(t, err, "no file")
	write(t, filepath.Join(data, "riskbench", "a.jsonl"), "{")
	_, err = read(data, examples)
	require.ErrorContains(t, err, "a.jsonl")
	data, examples = small(t)
	write(t, filepath.Join(data, publicBackgrounds[0], "train.tsv.gz"), packed(t, "label\tbody\n0\thello\n"))
	_, err = read(data, examples)
	require.ErrorContains(t, err, `no column "text"`)
}

// TestExamples holds what the examples must be: enough of each kind, enough harmless ones,
// several languages, none twice.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("examples/*.tsv")
	require.NoError(t, err)
	kinds, languages, texts, harmless := map[int]int{}, map[string]int{}, map[string]bool{}, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, l := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
			cells := strings.Split(l, "\t")
			require.Len(t, cells, 5, l)
			require.Contains(t, []string{"own", "rep", "exec", "emp", "paid", "pub"}, cells[1], l)
			require.False(t, texts[cells[4]], "twice: %s", l)
			texts[cells[4]] = true
			languages[cells[3]]++
			if cells[0] == "" {
				harmless++
			}
			for k := range strings.SplitSeq(cells[0], ",") {
				kinds[paraphrase.Index(k)]++
			}
		}
	}
	for i, k := range paraphrase.Kinds {
		require.GreaterOrEqual(t, kinds[i], 16, k.Name)
	}
	require.GreaterOrEqual(t, len(texts), 1200)
	require.GreaterOrEqual(t, harmless, len(texts)/4)
	for _, l := range []string{"es", "de", "fr", "pt", "it", "nl", "ja"} {
		require.GreaterOrEqual(t, languages[l], 10, l)
	}
}

// TestShippedWeights fits once more and compares, bit by bit, all but the calibration,
// which would take six times as long.
func TestShippedWeights(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the shared data that the weights are trained on is not on this machine: " + shared)
	}
	s, err := read(shared, "examples")
	require.NoError(t, err)
	shipped, err := os.ReadFile("../weights.bin")
	require.NoError(t, err)
	m, err := paraphrase.Decode(shipped)
	require.NoError(t, err)
	if !bytes.Equal(m.Data[:], s.digest.Sum(nil)[:len(m.Data)]) {
		t.Skip("examples, data or the way of reading them changed since the weights were trained: run make train")
	}
	trained := s.fitAll()
	trained.Slope, trained.Intercept, trained.Weighing = m.Calibration()
	var again bytes.Buffer
	require.NoError(t, trained.Encode(&again, m.Version))
	require.True(t, bytes.Equal(shipped, again.Bytes()), "the command gives other weights than the shipped ones")
}

func TestReport(t *testing.T) {
	data, examples := small(t)
	s, err := read(data, examples)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, printReport(&out, s.rules, s.heldOut()))
	require.Contains(t, out.String(), "CATEGORY_COMPLIANCE of insiders: AUC 1.000")
	require.Contains(t, out.String(), "rules and model: precision 1.000 recall 1.000 F1 1.000 (12 right, 0 wrong, 0 missed)")
	require.Contains(t, out.String(), "rules alone: precision 0.000")
	require.Contains(t, out.String(), " advice 12/12 ")
	require.Contains(t, out.String(), " impersonation 12/12")
}

func TestCalibrationErrorOfCertainty(t *testing.T) {
	var held []judged
	for i := range 120 {
		j := judged{example: &example{}, fold: i % folds}
		j.verdicts[0] = verdict{logOdds: -9, is: i%2 == 0}
		if i%2 == 0 {
			j.verdicts[0].logOdds = 9
		}
		held = append(held, j)
	}
	require.Less(t, calibrationError(held, 0), 0.05)
	require.InDelta(t, 1, ranked(held, 0), 1e-12)
	require.Zero(t, ranked(nil, 0))
}
