package engine

import (
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/secret"
)

// detectors are the detectors of every engine.
func detectors() []detect.Detector {
	return []detect.Detector{secret.New()}
}
