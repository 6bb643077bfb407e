{{if .Cluster}}CREATE TABLE IF NOT EXISTS posts_current {{.OnCluster}} AS {{.Database}}.posts_current_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, posts_current_local){{end}}
