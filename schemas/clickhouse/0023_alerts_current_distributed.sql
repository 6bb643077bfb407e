{{if .Cluster}}CREATE TABLE IF NOT EXISTS alerts_current {{.OnCluster}} AS {{.Database}}.alerts_current_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, alerts_current_local){{end}}
