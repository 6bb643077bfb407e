package engine

import (
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/health"
	"github.com/earshot/earshot/pkg/engine/internal/identifier"
	"github.com/earshot/earshot/pkg/engine/internal/insider"
	"github.com/earshot/earshot/pkg/engine/internal/marking"
	"github.com/earshot/earshot/pkg/engine/internal/secret"
)

// detectors are the detectors of every engine. Code names are a brand's own and have a
// detector for each brand.
func detectors() []detect.Detector {
	return []detect.Detector{secret.New(), identifier.New(), marking.New(), insider.New(), health.New()}
}
