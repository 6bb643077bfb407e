{{if .Cluster}}CREATE TABLE IF NOT EXISTS mentions {{.OnCluster}} AS {{.Database}}.mentions_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, mentions_local){{end}}
