package marking

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestMarkings(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "in capitals", Text: "Friend sent me this: INTERNAL USE ONLY, see below.", Rule: "leak.marking", Value: "INTERNAL USE ONLY"},
		{Name: "quoted", Text: `the memo says "strictly confidential" on top`, Rule: "leak.marking"},
		{Name: "by an insider", Role: "analyst", Text: "this is company confidential, so please don't repost", Rule: "leak.marking"},
		{Name: "one word in capitals", Role: "associate", Text: "slide one: ZELVANE CONFIDENTIAL. pending", Rule: "leak.marking"},
		{Name: "French", Role: "chef de projet", Text: "« DIFFUSION RESTREINTE, USAGE INTERNE », une page", Rule: "leak.marking"},
		{Name: "German", Role: "analyst", Text: "Folie 1: NUR FÜR DEN INTERNEN GEBRAUCH", Rule: "leak.marking"},
		{Name: "Japanese", Role: "analyst", Text: "資料に社外秘と書いてある", Rule: "leak.marking"},
		{Name: "privileged", Text: `Top of the page, "ATTORNEY-CLIENT PRIVILEGED". They knew`, Rule: "leak.marking"},
		{Name: "figures for letters", Role: "analyst", Text: "the header says c0nf1d3nti@l - n0t f0r 3xt3rn@l r3l3ase", Rule: "leak.disguised-marking"},
		{Name: "controlled", Role: "engineer", Text: "banner today: CUI//SP-EXPT, thrust figures below", Rule: "leak.marking"},
		{Name: "for a group", Text: `"EXECUTIVE COMMITTEE ONLY" says the first slide of the leak`, Rule: "leak.marking"},
		{Name: "a word below a header", Text: `the cover says "restricted" in red`, Rule: "leak.marking"},
		{Name: "Spanish", Role: "analista", Text: "la portada pone DOCUMENTO CONFIDENCIAL", Rule: "leak.marking"}, //nolint:misspell // Spanish
		{Name: "Russian", Text: "утечка: ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ", Rule: "leak.marking"},
		{Name: "Chinese", Text: "文件上写着内部资料", Rule: "leak.marking"},
		{Name: "what stands below it", Text: `memo header: "STAFF ONLY. Prices go up 9% from 4 November"`, Rule: "insider.unannounced-plan"},
		{Name: "defied", Role: "buyer", Text: "embargoed until Monday 7am but the new range is in twelve branches", Rule: "leak.marking", Value: "embargoed until"},
		{Name: "not for customers", Role: "buyer", Text: "slide 9 says \"not for customers\": prices up 6% in May", Rule: "leak.marking", Value: "not for customers"},
		{Name: "of a pack", Role: "buyer", Text: "the pack says colleagues only, so have a look", Rule: "leak.marking"},
		{Name: "Dutch, at the top", Role: "medewerker", Text: "bovenaan staat \"niet voor extern gebruik\": Breda sluit", Rule: "leak.marking"},
		{Name: "Italian, at the top", Role: "cassiera", Text: "c'è RISERVATO in alto: niente turno di notte da maggio", Rule: "leak.marking"},
		{Name: "kept", Role: "buyer", Text: "embargoed until Monday but I can't say a word"},
		{Name: "an agreement", Role: "engineer", Text: "it's all under NDA but the coffee was great"},
		{Name: "food in an office", Role: "engineer", Text: "CONFIDENTIAL to whoever took my yoghurt: I know"},
		{Name: "shouted", Role: "cook", Text: "the SECRET of a good sauce"},
		{Name: "a question", Role: "lawyer", Text: "What is PRIVILEGED AND CONFIDENTIAL good for?"},
		{Name: "talk of a trade secret", Role: "cook", Text: "the marinade is a trade secret, mostly salt"},
		{Name: "plain word", Role: "official brand account", Text: "The confidential helpline for workplace worries is free"},
		{Name: "a film", Text: "LA CONFIDENTIAL is on again, where is my popcorn"},
		{Name: "a recipe", Role: "official brand account", Text: "TOP SECRET recipe drop: oats and honey"},
		{Name: "mail footer", Role: "analyst", Text: "Ignore the footer, our mail server staples \"strictly confidential\" onto tips"},
		{Name: "court papers", Text: "Judge unseals files; pages once stamped 'Confidential, attorneys' eyes only'"},
		{Name: "inside a word", Role: "analyst", Text: "we do not forwarding mail; proprietaryness"},
		{Name: "said by the public", Text: "they said it was internal only but who knows"},
	})
}

func TestTrafficLight(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "red", Role: "engineer", Text: `"TLP:RED, named recipients only: relay firmware`, Rule: "leak.tlp-red", Value: "TLP:RED"},
		{Name: "amber with a blank", Role: "engineer", Text: "TLP: AMBER+STRICT see below", Rule: "leak.tlp-amber", Value: "TLP: AMBER+STRICT"},
		{Name: "green", Role: "engineer", Text: "tlp:green report", Rule: "leak.tlp-green"},
		{Name: "clear", Role: "engineer", Text: "TLP:CLEAR, share freely"},
		{Name: "white of version 1", Role: "engineer", Text: "TLP:WHITE report"},
		{Name: "a lesson", Role: "engineer", Text: "TLP:RED means recipients only"},
		{Name: "all of them", Role: "engineer", Text: "TLP:RED and TLP:AMBER sit in the top right corner"},
		{Name: "another word", Text: "tlp redirect"},
	})
}

func TestSeverityOfTrafficLight(t *testing.T) {
	for text, want := range map[string]int{"TLP:RED x": 5, "TLP:AMBER x": 4, "TLP:GREEN x": 2} {
		t.Run(text, func(t *testing.T) {
			require.Equal(t, want, parttest.New(New()).Insider("engineer", text)[0].Severity)
		})
	}
}

func TestInfrastructure(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "host", Role: "engineer", Text: "drops on ctx-gw-07.corp.nettlebrook.internal since March", Rule: "leak.internal-host", Value: "ctx-gw-07.corp.nettlebrook.internal"},
		{Name: "link", Role: "engineer", Text: "it's on https://wiki.turnip.internal/runbooks/pick-engine, ask", Rule: "leak.internal-host", Value: "https://wiki.turnip.internal/runbooks/pick-engine"},
		{Name: "with a port", Role: "engineer", Text: "db-1.acme.corp:5432 is down", Rule: "leak.internal-host", Value: "db-1.acme.corp:5432"},
		{Name: "told from outside", Text: "their jenkins-2.acme.internal answers", Rule: "leak.internal-host"},
		{Name: "private address", Role: "engineer", Text: "jump-eu-1 still accepts passwords and sits at 10.8.0.4. I love", Rule: "leak.private-address", Value: "10.8.0.4"},
		{Name: "user at an address", Role: "technician", Text: "ssh operator@10.44.0.12 now", Rule: "leak.private-address"},
		{Name: "intranet link", Role: "engineer", Text: "see https://jira.acme.io/browse/SEC-12 please", Rule: "leak.internal-link"},
		{Name: "label for the inside", Role: "engineer", Text: "grafana.int.acme.io:3000 has no login", Rule: "leak.internal-host", Value: "grafana.int.acme.io:3000"},
		{Name: "internal in a label", Role: "engineer", Text: "the docs are on https://api-internal.acme.com/docs", Rule: "leak.internal-host"},
		{Name: "host of one label", Role: "engineer", Text: "jenkins is http://ci-master-02:8080 for those asking", Rule: "leak.internal-host", Value: "http://ci-master-02:8080"},
		{Name: "intranet", Role: "clerk", Text: "see http://intranet/hr/plan.html", Rule: "leak.internal-host", Value: "http://intranet/hr/plan.html"},
		{Name: "database in a cloud", Role: "engineer", Text: "psql -h pg-prod.cluster-c9xk.eu-west-1.rds.amazonaws.com -U app", Rule: "leak.cloud-host", Value: "pg-prod.cluster-c9xk.eu-west-1.rds.amazonaws.com"},
		{Name: "bucket", Role: "engineer", Text: "dumps go to s3://acme-prod-exports/daily", Rule: "leak.bucket", Value: "s3://acme-prod-exports/daily"},
		{Name: "share of files", Role: "clerk", Text: `\\nlk-fs01\finance$ is open to everybody`, Rule: "leak.file-share"},
		{Name: "shared sheet of salaries", Role: "clerk", Text: "all salaries: https://docs.google.com/spreadsheets/d/1aB/edit", Rule: "leak.internal-link"},
		{Name: "shared file", Role: "clerk", Text: "raw numbers https://www.dropbox.com/s/8fj2k1/q.xlsx?dl=0", Rule: "leak.internal-link"},
		{Name: "ticket of an open project", Role: "engineer", Text: "fixed in KAFKA-10234, an open source ticket"},
		{Name: "composed on one machine", Role: "engineer", Text: "docker-compose: http://redis:6379 and http://my-app-1:8080"},
		{Name: "sample of a cloud", Role: "engineer", Text: "connect to mydb.abc123.us-east-1.rds.amazonaws.com in this example"},
		{Name: "bucket of a manual", Role: "engineer", Text: "aws s3 ls s3://my-bucket/"},
		{Name: "database in a cloud, from outside", Text: "pg-prod.cluster-c9xk.eu-west-1.rds.amazonaws.com"},
		{Name: "networks of the standard", Role: "engineer", Text: "RFC 1918 again: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16"},
		{Name: "virtual machine", Role: "engineer", Text: "ssh user@10.0.2.15 into the guest"},
		{Name: "shared film", Role: "engineer", Text: "my review of the phone https://www.loom.com/share/9f8e7d6c5b4a"},
		{Name: "sentence without a blank", Text: "We chat daily.internal matters stay"},
		{Name: "gateway", Role: "support", Text: "use vpn2.acme.com with the old client", Rule: "leak.access-gateway", Value: "vpn2.acme.com"},
		{Name: "ticket", Role: "support", Text: "filed as OPSX-20418 in jira", Rule: "leak.ticket", Value: "OPSX-20418"},
		{Name: "a standard beside tickets", Role: "support", Text: "closed four tickets on UTF-8 and CVE-2024"},
		{Name: "a flight", Role: "engineer", Text: "on LH-1182 to Oslo"},
		{Name: "shared document of a talk", Role: "engineer", Text: "slides from my talk: https://docs.google.com/presentation/d/1"},
		{Name: "wiki for everybody", Role: "advocate", Text: "our open source wiki is https://wiki.acme.org/start"},
		{Name: "computer at home", Role: "engineer", Text: "my mac calls itself Kims-MacBook-2.local"},
		{Name: "exercise", Role: "trainer", Text: "lab exercise: give the server 10.0.2.15"},
		{Name: "home router", Role: "official brand account", Text: "Type 192.168.1.1 in your browser, choose Wi-Fi"},
		{Name: "the machine itself", Role: "engineer", Text: "no place like 127.0.0.1"},
		{Name: "a lesson", Role: "advocate", Text: "In this tutorial the app gets its own 10.0.0.0/24 and 203.0.113.10"},
		{Name: "a public address", Role: "engineer", Text: "ping 172.217.0.1 from the server"},
		{Name: "a price", Role: "clerk", Text: "now 10.50 and 10.75 and 172.5 points"},
		{Name: "no address", Role: "engineer", Text: "10.400.0.12 on the server"},
		{Name: "address told from outside", Text: "server 10.8.0.4"},
		{Name: "Java package", Role: "engineer", Text: "import com.sun.internal_misc.x and sun.localhost"},
	})
}

func FuzzVerify(f *testing.F) {
	f.Add("CONFIDENTIAL tlp: red 10.8.0.4 a.internal: shhh signed q3 under plan")
	f.Add("\xff.corp.\xfe tlp: ")
	runner := parttest.New(New())
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range runner.Insider("clerk", text) {
			require.Less(t, found.Spans[0].Start, found.Spans[0].End)
			require.True(t, found.Likelihood > 0 && found.Likelihood <= 1)
		}
	})
}
