{{if .Cluster}}CREATE TABLE IF NOT EXISTS alerts {{.OnCluster}} AS {{.Database}}.alerts_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, alerts_local, cityHash64(id)){{end}}
