package alerter

import (
	"time"

	"github.com/earshot/earshot/services/alerter/internal/alert"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Replay runs the rules of c over judgements in the order of event time and returns the
// alerts that they fire, as the service would on one partition. It tells nobody and keeps
// nothing. An error names the rules file.
func Replay(c Config, judgements []*earshotv1.Assessment) ([]*earshotv1.Alert, error) {
	rules, err := loadRules(c.Rules)
	if err != nil {
		return nil, err
	}
	machine := alert.New(alert.Options{Rules: rules, Lateness: c.Lateness, Idle: c.Idle})
	var out []*earshotv1.Alert
	keep := func(alerts []*earshotv1.Alert) {
		for _, a := range alerts {
			if a.GetState() == earshotv1.AlertState_ALERT_STATE_FIRING {
				out = append(out, a)
			}
		}
	}
	recorded := time.Time{}
	for _, a := range judgements {
		recorded = a.GetPost().GetCreatedAt().AsTime()
		keep(machine.Apply(a, recorded))
	}
	keep(machine.Tick(recorded.Add(c.Lateness + c.Idle)))
	return out, nil
}
