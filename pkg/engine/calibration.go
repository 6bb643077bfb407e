package engine

import "github.com/earshot/earshot/pkg/engine/internal/risk"

const (
	// calibrationName is the calibration among the versions of an assessment.
	calibrationName    = "calibration"
	calibrationVersion = "1.0.0"
)

// calibrations by category, as in categories, fitted on posts that neither rules nor model
// were made with: docs/models/calibration.md.
var calibrations = [len(categories)]risk.Calibration{
	{Below: 1, Above: 1},
	{Below: 1.8, Above: 2.1},
	{Below: 1.8, Above: 2.0},
}
