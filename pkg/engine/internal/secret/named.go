package secret

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
)

var uuid = regexp.MustCompile(`\A[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z`)

// named are formats without a mark of their own: what makes them a secret is that they
// are set to a name with the provider in it ("DATADOG_API_KEY=…"). shape is an RE2 for
// the whole value.
var named = []row{
	{"adafruit-key", "Adafruit API key", "adafruit", `[\w-]{32}`, 3, 0},
	{"adobe-secret", "Adobe client secret", "adobe", `(?:p8e-)?[a-fA-F0-9]{32}`, 4, 0},
	{"airtable-key", "Airtable API key", "airtable", `[A-Za-z0-9]{17}`, 4, 0},
	{"algolia-key", "Algolia admin key", "algolia", `[a-f0-9]{32}`, 4, 0},
	{"alibaba-secret", "Alibaba Cloud secret", "alibaba aliyun", `[A-Za-z0-9]{30}`, 5, 0},
	{"asana-secret", "Asana token", "asana", `(?:[A-Za-z0-9]{32}|[012]/\d{16}(?:/\d{16})?:[a-f0-9]{32})`, 4, 0},
	{"auth0-secret", "Auth0 client secret", "auth0", `[\w-]{64}`, 5, 0},
	{"bitbucket-secret", "Bitbucket client secret", "bitbucket", `[\w=-]{32,64}`, 4, 0},
	{"cloudflare-key", "Cloudflare API key", "cloudflare", `(?:[\w-]{40}|[a-f0-9]{37})`, 5, 0},
	{"codecov-token", "Codecov token", "codecov", `[a-z0-9]{32}`, 3, 0},
	{"cohere-key", "Cohere API key", "cohere", `[A-Za-z0-9]{40}`, 4, 0},
	{"coinbase-token", "Coinbase access token", "coinbase", `[\w=-]{64}`, 5, 0},
	{"confluent-secret", "Confluent secret", "confluent", `(?:[A-Za-z0-9]{16}|[A-Za-z0-9]{64})`, 5, 0},
	{"datadog-key", "Datadog key", "datadog dd_api dd_app", `(?:[a-f0-9]{32}|[A-Za-z0-9]{40})`, 4, 0},
	{"discord-token", "Discord token", "discord", `(?:[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,38}|[a-f0-9]{64}|[\w=-]{32})`, 4, 0},
	{"dropbox-secret", "Dropbox app secret", "dropbox", `[a-z0-9]{15}`, 4, 0},
	{"fastly-token", "Fastly API token", "fastly", `[\w=-]{32}`, 4, 0},
	{"facebook-secret", "Facebook app secret", "facebook", `(?:[a-f0-9]{32}|\d{15,16}(?:\||%7C)[\w-]{27,40})`, 4, 0},
	{"heroku-key", "Heroku API key", "heroku", `[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}`, 5, 0},
	{"hubspot-key", "HubSpot API key", "hubspot", `[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}`, 4, 0},
	{"intercom-key", "Intercom token", "intercom", `[\w=-]{60}`, 4, 0},
	{"linkedin-secret", "LinkedIn client secret", "linkedin", `(?:[A-Za-z0-9]{16}|WPL_AP1\.[\w.=-]{16,40})`, 4, 0},
	{"mailgun-signing-key", "Mailgun signing key", "mailgun", `[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}`, 4, 0},
	{"mattermost-token", "Mattermost token", "mattermost", `[a-z0-9]{26}`, 4, 0},
	{"meraki-key", "Cisco Meraki API key", "meraki", `[a-f0-9]{40}`, 5, 0},
	{"mistral-key", "Mistral API key", "mistral", `[A-Za-z0-9]{32}`, 4, 0},
	{"netlify-key", "Netlify token", "netlify", `[\w=-]{40,46}`, 4, 0},
	{"okta-token", "Okta API token", "okta", `00[\w=-]{40}`, 5, 0},
	{"pagerduty-key", "PagerDuty API key", "pagerduty", `[\w+-]{20}`, 4, 0},
	{"paypal-secret", "PayPal client secret", "paypal", `E[\w-]{79}`, 5, 0},
	{"plaid-secret", "Plaid secret", "plaid", `[a-z0-9]{30}`, 5, 0},
	{"sidekiq-secret", "Sidekiq Enterprise credential", "contribsys", `[a-f0-9]{8}:[a-f0-9]{8}`, 3, 0},
	{"snyk-token", "Snyk token", "snyk", `[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}`, 4, 0},
	{"sumologic-key", "Sumo Logic key", "sumologic sumo_access", `(?:su[A-Za-z0-9]{12}|[A-Za-z0-9]{64})`, 4, 0},
	{"twilio-key", "Twilio API key", "twilio", `(?:SK)?[a-f0-9]{32}`, 5, 0},
	{"twitter-secret", "X API secret", "twitter x_api", `(?:[A-Za-z0-9]{25}|[A-Za-z0-9]{45}|[A-Za-z0-9]{50}|\d{15,20}-[A-Za-z0-9]{20,45})`, 4, 0},
	{"zendesk-secret", "Zendesk secret", "zendesk", `[A-Za-z0-9]{40}`, 4, 0},
}

// compileNamed makes rules whose pattern fits a whole value.
func compileNamed(rows []row) []namedRule {
	rules := make([]namedRule, 0, len(rows))
	for _, r := range rows {
		rules = append(rules, namedRule{rule{row: r, words: strings.Fields(r.literals), pattern: regexp.MustCompile(`\A` + r.shape + `\z`)}})
	}
	return rules
}

type namedRule struct{ rule }

func (r *namedRule) verify(p *detect.Post, h detect.Hit, out []detect.Finding) []detect.Finding {
	v, ok := assignment(p.Text.Clean, h.End)
	if !ok || !v.sign && !v.copula {
		return out
	}
	secret := p.Text.Clean[v.Start:v.End]
	lower, upper, digit, _ := classes(secret)
	if !r.pattern.Match(secret) || lower+upper == 0 || entropy(secret) < minTokenEntropy {
		return out
	}
	likelihood, why := 0.85, "A value of the provider's length is set to a name with the provider in it."
	if digit == 0 || placeholder(secret) {
		if !hexOnly(bytes.ReplaceAll(bytes.ReplaceAll(secret, []byte("-"), nil), []byte(":"), nil)) {
			return out
		}
		likelihood, why = 0.5, "A value of the provider's exact format is set to its name, but it looks made up."
	}
	return append(out, finding(p, "secret", r.id, r.title, r.severity, likelihood, v.Span, why))
}
