package risk

import (
	"math"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Drivers are the factors of impact, each in 0..1 (domain guide 1.4). What is unknown is
// 0, never guessed.
type Drivers struct {
	Severity, Reach, Velocity, Role, Channel, Recidivism, Regime float64
}

const driverCount = 7

var driverNames = [driverCount]string{"severity", "reach", "velocity", "author role", "channel", "recidivism", "regime"}

// weights of the drivers by category; each row adds up to 1.
var weights = map[earshotv1.Category][driverCount]float64{
	earshotv1.Category_CATEGORY_REPUTATION: {.40, .20, .20, .10, .10, 0, 0},
	earshotv1.Category_CATEGORY_LEAKAGE:    {.45, .15, .10, .15, .10, 0, .05},
	earshotv1.Category_CATEGORY_COMPLIANCE: {.40, .15, .05, .20, .10, .10, 0},
}

func (d *Drivers) values() [driverCount]float64 {
	return [driverCount]float64{d.Severity, d.Reach, d.Velocity, d.Role, d.Channel, d.Recidivism, d.Regime}
}

func (d *Drivers) sum(c earshotv1.Category) float64 {
	sum := 0.0
	w := weights[c]
	for i, v := range d.values() {
		sum += w[i] * v
	}
	return sum
}

func (d *Drivers) shares(c earshotv1.Category) []Share {
	shares := make([]Share, 0, driverCount)
	w := weights[c]
	for i, v := range d.values() {
		if w[i] > 0 {
			shares = append(shares, Share{driverNames[i], v, w[i], w[i] * v})
		}
	}
	return shares
}

// Severity is the value of a severity from 1 to 5; 0 for none.
func Severity(level int) float64 {
	return [...]float64{0, 0.10, 0.30, 0.50, 0.75, 1}[min(max(level, 0), 5)]
}

// Reach is the value of an audience, in followers or measured impressions.
func Reach(audience uint64) float64 {
	return min(max((math.Log10(1+float64(audience))-2)/4.5, 0), 1)
}

// Velocity is the value of a cluster's robust burst score z; 0 where z is not known (NaN).
func Velocity(z float64) float64 {
	if z > 0 {
		return 1 - math.Exp(-z/4)
	}
	return 0
}

// Recidivism is the value of confirmed findings of the same rule within 365 days.
func Recidivism(confirmed int) float64 { return [...]float64{0, 0.5, 1}[min(max(confirmed, 0), 2)] }
