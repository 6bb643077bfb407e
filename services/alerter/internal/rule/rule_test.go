package rule

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// leak is an assessment of a leaked key.
func leak() *earshotv1.Assessment {
	return &earshotv1.Assessment{
		BrandId: "acme", Matched: true, Score: 83.2, Level: earshotv1.Level_LEVEL_CRITICAL,
		Post: &earshotv1.Post{
			Id: "x:1", Platform: "x", Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Text: "key AKIA****************", Lang: "en",
			CreatedAt:  timestamppb.New(time.Unix(1_700_000_000, 0)),
			Author:     &earshotv1.Author{Id: "u1", Handle: "@dana", Role: "engineer", EmployeeId: "e7", Followers: 2300, Verified: true},
			Engagement: &earshotv1.Engagement{Likes: 7, Reposts: 2, Replies: 3, Views: 900},
			Thread:     &earshotv1.Thread{ReplyTo: "x:0"}, PaidLabel: true, Url: "https://x.example/1",
		},
		Sentiment: &earshotv1.Sentiment{Label: "neutral", Negative: 0.2, Neutral: 0.7, Positive: 0.1},
		Match:     &earshotv1.BrandMatch{Likelihood: 0.9},
		Categories: []*earshotv1.CategoryAssessment{
			{Category: earshotv1.Category_CATEGORY_REPUTATION},
			{
				Category: earshotv1.Category_CATEGORY_LEAKAGE, Likelihood: 0.979, Impact: 0.85, Score: 83.2, Level: earshotv1.Level_LEVEL_CRITICAL,
				Findings: []*earshotv1.Finding{{Kind: "secret", Rule: "secret.aws"}, {Kind: "codename", Rule: "codename"}},
			},
			{Category: earshotv1.Category_CATEGORY_COMPLIANCE},
		},
		Provenance: &earshotv1.Provenance{Source: "http"},
	}
}

func parseOne(t *testing.T, body string) *Rule {
	t.Helper()
	rules, err := Parse(Source{Name: "r.yaml", Data: []byte("rules:\n  - name: r\n    severity: info\n    " + strings.ReplaceAll(body, "\n", "\n    ") + "\n")})
	require.NoError(t, err)
	return rules[0]
}

func TestFilterDecides(t *testing.T) {
	tests := map[string]struct {
		filter string
		want   bool
		exact  bool // plain Go decides alone
	}{
		"text":                  {`brand == "acme"`, true, true},
		"text differs":          {`platform != "x"`, false, true},
		"level by name":         {`level >= high`, true, true},
		"level below":           {`categories.reputation.level >= low`, false, true},
		"number":                {`categories.leakage.likelihood > 0.5 && score < 90.0`, true, true},
		"whole number":          {`author.followers >= 2300`, true, true},
		"flag":                  {`author.verified && !post.is_repost`, true, true},
		"kind of a finding":     {`"secret" in findings.kinds`, true, true},
		"rule of a finding":     {`"finra.f01" in findings.rules || "codename" in findings.rules`, true, true},
		"equal numbers":         {`post.likes == 7 && post.views != 900`, false, true},
		"at most":               {`post.replies <= 3`, true, true},
		"function":              {`post.text.contains("AKIA")`, true, false},
		"comprehension":         {`findings.rules.exists(r, r.startsWith("secret."))`, true, false},
		"guard before function": {`level < high && post.text.contains("AKIA")`, false, false},
		"or with a function":    {`level < high || post.text.size() > 3`, true, false},
		"not of a function":     {`!post.text.matches("^key")`, false, false},
		"field and field":       {`sentiment.negative > sentiment.positive`, true, false},
		"constant":              {`true`, true, false},
		"text order":            {`lang < "fr"`, true, false},
		"constant first":        {`0.5 < score`, true, false},
		"arithmetic":            {`post.reposts + post.replies == 5`, true, false},
		"every other field": {`source == "http" && author.id == "u1" && author.handle == "@dana" && author.role == "engineer" &&
			author.employee_id == "e7" && post.id == "x:1" && post.url != "" && post.revision == 0 && post.paid_label && post.is_reply &&
			match.likelihood == 0.9 && sentiment.label == "neutral" && sentiment.neutral == 0.7 && kind == "employee" &&
			categories.leakage.impact == 0.85 && categories.compliance.score == 0.0`, true, true},
	}
	env, err := newEnv()
	require.NoError(t, err)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := compileFilter(env, tt.filter)
			require.NoError(t, err)
			require.Equal(t, tt.exact, f.quick.exact)
			got, err := f.Match(leak())
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			value, _, err := f.program.Eval(activation{leak()})
			require.NoError(t, err)
			require.Equal(t, tt.want, value.Value(), "plain Go and CEL agree")
		})
	}
}

func TestEveryFieldHasAValueOfItsType(t *testing.T) {
	for _, f := range fields {
		require.Equal(t, f.celType().TypeName(), f.value(leak()).Type().TypeName(), f.name)
		require.Equal(t, f.celType().TypeName(), f.value(&earshotv1.Assessment{}).Type().TypeName(), "%s of nothing", f.name)
	}
}

func TestEveryFieldIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../../../docs/alert-rules.md")
	require.NoError(t, err)
	for _, f := range fields {
		if !strings.HasPrefix(f.name, "categories.") {
			require.Contains(t, string(page), "`"+f.name+"`")
		}
	}
}

func TestFilterThatFailsOnInputSaysSo(t *testing.T) {
	r := parseOne(t, "filter: 10 / post.revision > 1\nmeasure: mention")
	_, err := r.Part(leak())
	require.ErrorContains(t, err, "division by zero")
}

// TestValueWithoutMeasureIsAnError: a sum with it would be lost for the whole window.
func TestValueWithoutMeasureIsAnError(t *testing.T) {
	for name, value := range map[string]string{
		"endless": "score / 0.0", "endless below": "-score / 0.0", "no number": "0.0 / 0.0", "division of whole numbers": "post.likes / post.revision",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseOne(t, "filter: level >= high\nmeasure: sum\nwindow: 1m\nlimit: 1\nvalue: "+value).Part(leak())
			require.ErrorContains(t, err, "evaluate value")
		})
	}
}

func TestExpensiveFilterIsStopped(t *testing.T) {
	r := parseOne(t, `filter: findings.kinds.all(a, findings.kinds.all(b, findings.kinds.all(c, a + b + c != "")))`+"\nmeasure: mention")
	a := leak()
	for range 200 {
		a.Categories[1].Findings = append(a.Categories[1].Findings, &earshotv1.Finding{Kind: "x", Rule: "y"})
	}
	_, err := r.Part(a)
	require.ErrorContains(t, err, "cost limit")
}

func TestPart(t *testing.T) {
	const window = "\nwindow: 10m\nlimit: 1"
	tests := map[string]struct {
		rule string
		want Part
	}{
		"counts":                 {"filter: level >= high\nmeasure: count" + window, Part{Counts: true, Base: true}},
		"does not count":         {"filter: level < high\nmeasure: count" + window, Part{}},
		"value of a field":       {"filter: level >= high\nmeasure: sum\nvalue: post.views" + window, Part{Counts: true, Base: true, Value: 900}},
		"value of an expression": {"filter: level >= high\nmeasure: sum\nvalue: post.likes * 2 + post.reposts" + window, Part{Counts: true, Base: true, Value: 16}},
		"fractional value":       {"filter: level >= high\nmeasure: sum\nvalue: score / 2.0" + window, Part{Counts: true, Base: true, Value: 41.6}},
		"part of the whole":      {"filter: level < high\nmeasure: share\nof: kind == \"employee\"" + window, Part{Base: true}},
		"outside the whole":      {"filter: level >= high\nmeasure: share\nof: kind == \"mention\"" + window, Part{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := parseOne(t, tt.rule).Part(leak())
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestParseFillsIn(t *testing.T) {
	mention := parseOne(t, "filter: level >= high\nmeasure: mention")
	require.Equal(t, []string{"brand", "post.id"}, mention.GroupBy)
	require.Equal(t, time.Hour, mention.KeepFiringFor)
	require.Equal(t, []string{"acme", "x:1"}, mention.Group(leak()))

	count := parseOne(t, "filter: level >= high\nmeasure: count\nwindow: 10m\nlimit: 20\nop: '>'\ngroup_by: [platform, brand, author.role]\nfor: 2m\nkeep_firing_for: 1h30m")
	require.Equal(t, []string{"brand", "platform", "author.role"}, count.GroupBy)
	require.Equal(t, 10*time.Second, count.Step())
	require.Equal(t, 90*time.Minute, count.KeepFiringFor)
	require.False(t, count.Crosses(20))
	require.True(t, count.Crosses(20.5))
	require.Len(t, count.Version, 16)
	require.NotEqual(t, mention.Version, count.Version)
}

func TestGroupKeysDiffer(t *testing.T) {
	require.NotEqual(t, GroupKey([]string{"a", "b1:c"}), GroupKey([]string{"a1:b", "c"}))
	require.NotEqual(t, GroupKey([]string{"ab", ""}), GroupKey([]string{"a", "b"}))
}

func TestParseNamesFileLineRuleAndField(t *testing.T) {
	head := "rules:\n  - name: first\n    severity: info\n    measure: mention\n    filter: level >= high\n"
	tests := map[string]struct {
		yaml string
		want []string
	}{
		"unknown key":         {head + "  - nam: x\n", []string{"r.yaml:6", "rules.1", "nam"}},
		"unknown measure":     {head + "  - {name: b, severity: info, filter: 'true', measure: median}\n", []string{"r.yaml:6", "measure"}},
		"bad duration":        {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: ten}\n", []string{"r.yaml:6", "window"}},
		"unknown field":       {head + "  - name: second\n    severity: info\n    measure: mention\n    filter: nivel >= high\n", []string{"r.yaml:9", `rule "second"`, "filter", "nivel"}},
		"wrong type":          {head + "  - name: second\n    severity: info\n    measure: mention\n    filter: score\n", []string{"r.yaml:9", "filter", "double", "true or false"}},
		"text against number": {head + "  - name: second\n    severity: info\n    measure: mention\n    filter: score == \"high\"\n", []string{"r.yaml:9", "filter"}},
		"value not a number":  {head + "  - {name: b, severity: info, filter: 'true', measure: sum, limit: 1, window: 1m, value: lang}\n", []string{"value", "a number"}},
		"value without sum":   {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: 1m, value: score}\n", []string{"value", "sum"}},
		"share without of":    {head + "  - {name: b, severity: info, filter: 'true', measure: share, limit: 0.5, window: 1m}\n", []string{"of", "share"}},
		"share above one":     {head + "  - {name: b, severity: info, filter: 'true', measure: share, limit: 50, window: 1m, of: 'true'}\n", []string{"limit", "at most 1"}},
		"bad of":              {head + "  - {name: b, severity: info, filter: 'true', measure: share, limit: 1, window: 1m, of: 'x'}\n", []string{"of", "x"}},
		"min_count elsewhere": {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: 1m, min_count: 3}\n", []string{"min_count"}},
		"window of a mention": {head + "  - {name: b, severity: info, filter: 'true', measure: mention, window: 1m}\n", []string{"window", "mention"}},
		"group of a mention":  {head + "  - {name: b, severity: info, filter: 'true', measure: mention, group_by: [lang]}\n", []string{"group_by", "count with limit 1"}},
		"window too short":    {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: 5s}\n", []string{"window", "1m0s"}},
		"no window":           {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1}\n", []string{"window"}},
		"no limit":            {head + "  - {name: b, severity: info, filter: 'true', measure: count, window: 1m}\n", []string{"limit"}},
		"for over the window": {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: 1m, for: 2m}\n", []string{"for", "window"}},
		"same name":           {head + "  - {name: first, severity: info, filter: 'true', measure: mention}\n", []string{"name", "another rule"}},
		"template does not parse": {
			head + "  - name: b\n    severity: info\n    measure: mention\n    filter: 'true'\n    annotations:\n      summary: '{{ .Brand'\n",
			[]string{"r.yaml:10", "annotations", "summary"},
		},
		"template of nothing": {
			head + "  - name: b\n    severity: info\n    measure: mention\n    filter: 'true'\n    annotations: {summary: '{{ .Brant }}'}\n",
			[]string{"r.yaml:10", "annotations", "Brant"},
		},
		"group it does not have": {
			head + "  - name: b\n    severity: info\n    measure: mention\n    filter: 'true'\n    annotations: {summary: '{{ .Group.platform }}'}\n",
			[]string{"annotations", "platform"},
		},
		"limit that is none":   {head + "  - {name: b, severity: info, filter: 'true', measure: count, window: 1m, limit: .nan}\n", []string{"r.yaml", "NaN"}},
		"limit without end":    {head + "  - {name: b, severity: info, filter: 'true', measure: count, window: 1m, limit: .inf}\n", []string{"r.yaml", "Inf"}},
		"limit below zero":     {head + "  - {name: b, severity: info, filter: 'true', measure: sum, value: score, window: 1m, limit: -1}\n", []string{"r.yaml:6", `rule "b"`, "limit", "above 0"}},
		"window too long":      {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: 169h}\n", []string{"r.yaml:6", "window", "168h0m0s"}},
		"window past counting": {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: 99999999999h}\n", []string{"r.yaml:6"}},
		"for of a mention":     {head + "  - name: b\n    severity: info\n    filter: 'true'\n    measure: mention\n    for: 1m\n", []string{"r.yaml:10", `rule "b"`, "for", "mention"}},
		"limit of a mention":   {head + "  - {name: b, severity: info, filter: 'true', measure: mention, limit: 2}\n", []string{"limit", "mention"}},
		"of without share":     {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: 1m, of: 'true'}\n", []string{"of", "share"}},
		"sum without value":    {head + "  - {name: b, severity: info, filter: 'true', measure: sum, limit: 1, window: 1m}\n", []string{"value", "sum"}},
		"group by a number":    {head + "  - {name: b, severity: info, filter: 'true', measure: count, limit: 1, window: 1m, group_by: [score]}\n", []string{"r.yaml:6", "group_by"}},
		"other severity":       {head + "  - {name: b, severity: page, filter: 'true', measure: mention}\n", []string{"r.yaml:6", "severity"}},
		"name of another form": {head + "  - {name: Two Words, severity: info, filter: 'true', measure: mention}\n", []string{"r.yaml:6", "name"}},
		"no name":              {head + "  - {severity: info, filter: 'true', measure: mention}\n", []string{"r.yaml:6", "name"}},
		"other annotation":     {head + "  - {name: b, severity: info, filter: 'true', measure: mention, annotations: {dashboard: x}}\n", []string{"r.yaml:6", "dashboard"}},
		"function of template": {head + "  - {name: b, severity: info, filter: 'true', measure: mention, annotations: {summary: '{{ upper .Brand }}'}}\n", []string{"r.yaml:6", "annotations", "upper"}},
		"a label too long":     {head + "  - {name: b, severity: info, filter: 'true', measure: mention, labels: {a: '" + strings.Repeat("l", 8193) + "'}}\n", []string{"r.yaml:6", "labels"}},
		"not a list":           {"rules: {name: a}\n", []string{"r.yaml:1", "rules"}},
		"key given twice":      {"rules: []\nrules: []\n", []string{"r.yaml"}},
		"nothing":              {"", []string{"rules"}},
		"not YAML":             {"rules: [", []string{"r.yaml"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(Source{Name: "r.yaml", Data: []byte(tt.yaml)})
			require.Error(t, err)
			for _, want := range tt.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestParseReportsEveryFault(t *testing.T) {
	_, err := Parse(Source{Name: "r.yaml", Data: []byte("rules:\n  - {name: a, severity: info, filter: x, measure: count}\n")})
	for _, want := range []string{"filter", "window", "limit"} {
		require.ErrorContains(t, err, want)
	}
}

func TestNamesAreUniqueOverFiles(t *testing.T) {
	one := Source{Name: "a.yaml", Data: []byte("rules: [{name: a, severity: info, filter: 'true', measure: mention}]\n")}
	two := one
	two.Name = "b.yaml"
	_, err := Parse(one, two)
	require.ErrorContains(t, err, "b.yaml:1")
}

func TestAnnotate(t *testing.T) {
	r := parseOne(t, "filter: level >= high\nmeasure: count\nwindow: 10m\nlimit: 20\nannotations:\n  summary: '{{ .Brand }}: {{ number .Observed }} in {{ .Window }}, {{ percent 0.256 }}'\n  description: '{{ (index .Samples 0).Why }}'")
	got := r.Annotate(Facts{Brand: "acme", Observed: 21, Window: r.Window, Samples: []*earshotv1.AlertSample{{Why: "because"}}})
	require.Equal(t, map[string]string{"summary": "acme: 21 in 10m0s, 26 %", "description": "because"}, got)

	failed := r.Annotate(Facts{Brand: "acme"})
	require.Contains(t, failed["description"], "annotation description", "an alert goes out even so")
	require.Contains(t, failed["summary"], "acme")
}

func TestLength(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"10m": 10 * time.Minute, "1h": time.Hour, "20h": 20 * time.Hour, "1h30m": 90 * time.Minute, "30s": 30 * time.Second, "1m30s": 90 * time.Second,
	} {
		require.Equal(t, want, Length(d))
	}
}

func TestAnnotationIsBounded(t *testing.T) {
	r := parseOne(t, "filter: level >= high\nmeasure: mention\nannotations: {summary: '{{ .Why }}'}")
	got := r.Annotate(Facts{Why: strings.Repeat("é", maxAnnotation)})
	require.LessOrEqual(t, len(got["summary"]), maxAnnotation)
}

func TestMatchCostsNoAllocationWherePlainGoDecides(t *testing.T) {
	r := parseOne(t, `filter: categories.leakage.level >= critical && "secret" in findings.kinds`+"\nmeasure: mention")
	a := leak()
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = r.Part(a) }))
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("rules: [{name: a, severity: info, filter: 'level >= high', measure: mention}]\n"))
	f.Add([]byte("rules:\n  - {name: b, severity: info, filter: 'x', measure: count, limit: 1, window: 1m}\n"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = Parse(Source{Name: "fuzz", Data: data})
	})
}

func BenchmarkPart(b *testing.B) {
	for name, filter := range map[string]string{
		"plain": `categories.leakage.level >= critical && "secret" in findings.kinds`,
		"guard": `categories.reputation.level >= high && post.text.contains("AKIA")`,
		"cel":   `post.text.contains("AKIA")`,
	} {
		b.Run(name, func(b *testing.B) {
			env, err := newEnv()
			require.NoError(b, err)
			compiled, err := compileFilter(env, filter)
			require.NoError(b, err)
			a := leak()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = compiled.Match(a)
			}
		})
	}
}
