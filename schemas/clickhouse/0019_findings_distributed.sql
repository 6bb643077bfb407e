{{if .Cluster}}CREATE TABLE IF NOT EXISTS findings {{.OnCluster}} AS {{.Database}}.findings_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, findings_local){{end}}
