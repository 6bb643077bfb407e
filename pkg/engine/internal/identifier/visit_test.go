package identifier

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestHomesByWhoComes holds addresses whose word for street may mean other things, with and
// without somebody who comes there.
func TestHomesByWhoComes(t *testing.T) {
	const rule = "pii.street-address"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "cottages, a driver", Text: "I'm at 7 Larch Cottages, not next door, ask your driver", Rule: rule, Value: "7 Larch Cottages"},
		{Name: "a yard, on a round", Role: "meter reader", Text: "mind the dog on the monday round, 7 Larch Yard", Rule: rule},
		{Name: "steps, a bell", Text: "7 Chandler's Steps, top bell, where is my bed?", Rule: rule, Value: "7 Chandler's Steps"},
		{Name: "a titled person", Role: "agent", Text: "Mrs Corran at 7 Larch Villas shouted at me", Rule: rule},
		{Name: "a town behind", Role: "agent", Text: "the singer gets her mail at 7 Larch Yard, Fellbridge", Rule: rule},
		{Name: "a park, a courier", Text: "the courier waits outside 7 Larch Point every time", Rule: rule},
		{Name: "Dutch, a floor", Text: "ik woon op de Larchkade 31-2, niet op 13", Rule: rule},
		{Name: "a divided flat", Text: "it is unit 7/22 Larch Parade, third time", Rule: rule},
		{Name: "South African", Text: "erf 22, 5 Larch Rylaan, and still no box", Rule: rule},
		{Name: "with a neighbor", Text: "leave with Ines, 7 Larch Cottages, she's always in", Rule: rule},
		{Name: "above a shop", Text: "he lives above the chippy, 7b Larch Parade", Rule: rule},
		{Name: "homes and a town", Role: "agent", Text: "she wrote 7 Larch Barns, Fellbridge, the bass player did", Rule: rule},
		{Name: "homes, of an insider", Role: "fitter", Text: "lovely old boy at 7 Larch Yard made me tea", Rule: rule},
		{Name: "a hall for all", Text: "our hall is at 7 Larch Avenue, all welcome"},
		{Name: "an office", Role: "agent", Text: "find the new office at 7 Larch Fold"},
		{Name: "a museum in Spanish", Text: "el museo está en la calle Olmo 7"},
		{Name: "a yard of a shop", Text: "our new shop at 7 Larch Yard opens at ten, next door to the bank"},
		{Name: "villas to let", Text: "7 Luxury Villas to let, the driver meets you"},
		{Name: "steps of a guide", Text: "6 Steps to sleep, delivered to your inbox"},
		{Name: "steps, praised", Text: "the parcel came with 7 Simple Steps to build it"},
		{Name: "a product", Text: "bought 3 Garden Path lights, delivery was quick"},
		{Name: "a trial", Text: "the trial at 7 Larch Court resumes on monday"},
		{Name: "a sale", Text: "lot 7 Larch Mews went at auction"},
	})
}

// TestHomesByPlots holds homes told by the number of each part of a town.
func TestHomesByPlots(t *testing.T) {
	const rule = "pii.street-address"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "house and road", Text: "House 41, Road 9, and no parcel", Rule: rule, Value: "House 41, Road 9"},
		{Name: "India", Text: "H.No. 3-5-118, 2nd Floor, third cancelled ride", Rule: rule, Value: "H.No. 3-5-118, 2nd Floor"},
		{Name: "a colony", Text: "flat no 12, Larch Nagar, come up", Rule: rule},
		{Name: "a plot", Text: "deliver to Plot 41 Block C, please", Rule: rule},
		{Name: "the Gulf", Text: "Villa 41, Street 9, no cable yet", Rule: rule},
		{Name: "a letter and a quarter", Text: "B-17, Third Floor, Larch Vihar, wifi dead", Rule: rule, Value: "B-17, Third Floor, Larch Vihar"},
		{Name: "Spanish", Text: "Casa 4, Condominio Los Alerces, portón azul", Rule: rule},
		{Name: "a quarter alone", Text: "no signal in Larch Vihar, 4G dead"},
		{Name: "a game", Text: "in the game I got villa 3, phase two is locked"},
		{Name: "a fair", Text: "stand 12 at the fair, block booking only"},
		{Name: "a series", Text: "House season 3, block your calendar"},
		{Name: "an exhibition", Text: "visit us at stand 12, block B of the exhibition"},
	})
}

// TestHousesOnStreets holds houses by name and street, without a number.
func TestHousesOnStreets(t *testing.T) {
	const rule = "pii.street-address"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "lives at", Text: "she lives at Elder Bank, Mill Road, Fellbridge, go and ask", Rule: rule, Value: "Elder Bank, Mill Road"},
		{Name: "a delivery", Text: "delivery to The Old Kiln, Mill Lane, Fellbridge please", Rule: rule},
		{Name: "from the files", Role: "agent", Text: "the presenter is in our system: Elder Bank, Mill Road, Fellbridge", Rule: rule},
		{Name: "a pub", Text: "the Red Lion, Mill Lane, Fellbridge does a good pie"},
		{Name: "a shop", Text: "visit us: Elder Books, Mill Lane, Fellbridge, delivery is free"},
	})
}
