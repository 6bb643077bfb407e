{{if .Cluster}}CREATE TABLE IF NOT EXISTS reviews_current {{.OnCluster}} AS {{.Database}}.reviews_current_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, reviews_current_local){{end}}
