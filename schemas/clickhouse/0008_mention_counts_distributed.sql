{{if .Cluster}}CREATE TABLE IF NOT EXISTS mention_counts {{.OnCluster}} AS {{.Database}}.mention_counts_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, mention_counts_local){{end}}
