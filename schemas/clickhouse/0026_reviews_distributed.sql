{{if .Cluster}}CREATE TABLE IF NOT EXISTS reviews {{.OnCluster}} AS {{.Database}}.reviews_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, reviews_local, cityHash64(post_id)){{end}}
