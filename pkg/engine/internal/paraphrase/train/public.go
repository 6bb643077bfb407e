package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os" //nolint:depguard // a command beside the engine, never linked into it
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/sentiment"
)

// backgrounds are public posts under permissive licences (CC BY, Apache-2.0): what people
// write all day. None of them is a violation, as the public has no rules to break.
var backgrounds = []string{"tweeteval_sentiment", "goemotions", "crisislex_t6"}

// publicBackgrounds are such posts (CC BY) told to the heads for the public; none of them is
// a scam, and a grievance at most where somebody called it negative. Those with a target
// speak about a brand, a person or a thing.
var publicBackgrounds = []string{"semeval_topic", "tweet_sentiment_extraction"}

// background is how many posts of each are taken, publicBackground of those of the public.
const background, publicBackground = 5000, 10000

// voices and industries are handed out to the background in the mix of the examples.
var (
	voices     = []string{"emp", "emp", "emp", "own", "rep", "exec", "paid"}
	industries = []string{"finance", "healthcare", "pharma", "airline", "auto", "saas", "food", "retail", "telecom", "energy", "alcohol", "gambling"}
)

// background reads texts of a gzipped, tab-separated file with the column "text".
func (s *set) background(file string, seed uint64, public bool) error {
	rows, err := columnsOf(file, "text", "label", "target")
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(seed, background)) //nolint:gosec // the same choice each time
	random.Shuffle(len(rows), func(i, k int) { rows[i], rows[k] = rows[k], rows[i] })
	most := background
	if public {
		most = publicBackground
	}
	for _, row := range rows[:min(most, len(rows))] {
		who, industry := voices[random.IntN(len(voices))], industries[random.IntN(len(industries))]
		switch {
		case public:
			who = "pub"
		case who == "rep":
			industry = "finance" // where nearly all of them are
		}
		s.add(example{public: public, ungrieved: public && row[1] == sentiment.Negative}, row[0], row[2:], who, industry)
	}
	return nil
}

// scamGroups is how many groups the labelled posts of the public are dealt into, which
// stand for the brands of the tuning set where models judge what they have not seen.
const scamGroups = 12

// scams reads the public posts that are labelled as scams or not.
func (s *set) scams(file string) error {
	rows, err := columnsOf(file, "text", "label")
	if err != nil {
		return err
	}
	for i, row := range rows {
		x := example{public: true, ungrieved: true, brand: fmt.Sprintf("scams-%d", i%scamGroups)}
		if row[1] == "scam" {
			x.kinds = []int{paraphrase.Index("impersonation")}
		}
		s.add(x, row[0], nil, "pub", industries[i%len(industries)])
	}
	return nil
}

// columnsOf reads columns of a gzipped, tab-separated file with a header. It must have the
// first; another that it does not have is empty.
func columnsOf(file string, names ...string) (rows [][]string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	defer func() { _ = f.Close() }()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read posts %q: %w", file, err)
	}
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<20)
	lines.Scan()
	header := strings.Split(lines.Text(), "\t")
	if !slices.Contains(header, names[0]) {
		return nil, fmt.Errorf("read posts %q: no column %q", file, names[0])
	}
	for lines.Scan() {
		cells, row := strings.Split(lines.Text(), "\t"), make([]string, len(names))
		for i, name := range names {
			if k := slices.Index(header, name); k >= 0 && k < len(cells) {
				row[i] = cells[k]
			}
		}
		rows = append(rows, row)
	}
	return rows, lines.Err()
}
