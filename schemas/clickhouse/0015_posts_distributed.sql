{{if .Cluster}}CREATE TABLE IF NOT EXISTS posts {{.OnCluster}} AS {{.Database}}.posts_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, posts_local){{end}}
