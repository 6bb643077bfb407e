{{if .Cluster}}CREATE TABLE IF NOT EXISTS findings_current {{.OnCluster}} AS {{.Database}}.findings_current_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, findings_current_local){{end}}
