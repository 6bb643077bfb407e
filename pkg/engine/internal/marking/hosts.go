package marking

import (
	"bytes"
	"regexp"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part"
)

// cloudEnds end the names under which clouds keep a company's databases, queues and vaults.
var cloudEnds = []string{
	".rds.amazonaws.com", ".cache.amazonaws.com", ".redshift.amazonaws.com", ".es.amazonaws.com", ".docdb.amazonaws.com", ".elb.amazonaws.com", ".database.windows.net", ".documents.azure.com", ".vault.azure.net",
	".database.azure.com", ".servicebus.windows.net", ".redis.cache.windows.net", ".mongodb.net", ".snowflakecomputing.com", ".azurecr.io",
}

// samples are in names that manuals give to machines, folded.
var samples = []string{"example", "your", "my-", "mydb", "myserver", "mycluster", "xxxx", "abc123", "bucket-name", "123456789012", "foo", "<"}

// cloudHost reports an insider's name of a database or the like in a cloud.
func cloudHost(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	before, offset := part.Around(p.Text.Clean, detect.Span{Start: h.Start, End: h.Start}, 90, 0)
	at := hostHead.FindIndex(before)
	if at == nil {
		return out
	}
	return insideName(p, detect.Span{Start: offset + at[0], End: h.End}, "cloud-host", "Host of a database in a cloud", 0.65, out)
}

// bareShape is a host of one label with a figure or a stroke in it, or a word for the
// intranet, with what stands behind it.
var bareShape = regexp.MustCompile(`\A([a-z][a-z0-9]{0,20}(?:-[a-z0-9]{1,20}){1,4}|[a-z]{2,15}\d{1,4}|intranet|intra|wiki|sharepoint|confluence|helpdesk)(?::\d{2,5}\b|/)[\w./-]*`)

// bareHost reports an insider's address whose host has one label: only the company's own
// names resolve so.
func bareHost(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	at := bareShape.FindIndex(p.Text.Folded[h.End:min(len(p.Text.Folded), h.End+120)])
	if at == nil {
		return out
	}
	return insideName(p, detect.Span{Start: h.Start, End: h.End + at[1]}, "internal-host", "Internal host name", 0.65, out)
}

var (
	bucketShape = regexp.MustCompile(`\A[a-z0-9][a-z0-9.]{1,30}(?:-[a-z0-9.]{1,30}){1,6}(?:/[\w./=-]*)?`)
	shareShape  = regexp.MustCompile(`\A[a-z0-9][a-z0-9.-]{2,40}\\[\w$. -]{2,40}`)
)

// store reports an insider's bucket of stored files.
func store(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	at := bucketShape.FindIndex(p.Text.Folded[h.End:min(len(p.Text.Folded), h.End+160)])
	if at == nil {
		return out
	}
	return insideName(p, detect.Span{Start: h.Start, End: h.End + at[1]}, "bucket", "Name of a store of files", 0.6, out)
}

// fileShare reports an insider's share of files on a server: \\server\share.
func fileShare(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	at := shareShape.FindIndex(p.Text.Folded[h.End:min(len(p.Text.Folded), h.End+90)])
	if at == nil {
		return out
	}
	return insideName(p, detect.Span{Start: h.Start, End: h.End + at[1]}, "file-share", "Share of files on a server", 0.7, out)
}

// insideName reports a name at span that only an insider tells; lessons, homes and samples
// do not count.
func insideName(p *detect.Post, span detect.Span, rule, title string, likelihood float64, out []detect.Finding) []detect.Finding {
	window, _ := part.Around(p.Text.Folded, span, 120, 120)
	if !p.Insider || part.Official(p) || part.Has(window, lessonWords) || part.Has(window, homeWords) || part.Has(window, openWords[:3]) {
		return out
	}
	for _, word := range samples {
		if bytes.Contains(p.Text.Folded[span.Start:span.End], []byte(word)) {
			return out
		}
	}
	return append(out, finding("infrastructure", rule, title, 3, likelihood, span, markCite,
		"A name that exists inside the company only: a map for intruders."))
}
