{{if .Cluster}}-- All that is known of a post lies on one server, so the views can work there.
CREATE TABLE IF NOT EXISTS assessments {{.OnCluster}} AS {{.Database}}.assessments_local
ENGINE = Distributed({{.Cluster}}, {{.Database}}, assessments_local, cityHash64(platform, native_id)){{end}}
