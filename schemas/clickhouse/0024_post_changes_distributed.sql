{{if .Cluster}}CREATE TABLE IF NOT EXISTS post_changes {{.OnCluster}} AS {{.Database}}.post_changes_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, post_changes_local){{end}}
