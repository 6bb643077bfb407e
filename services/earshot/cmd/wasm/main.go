//go:build js && wasm

// Command wasm is the engine in a browser: it gives the page one function,
// earshotCheck(draft), which judges a draft as POST /v1/check does. Nothing leaves the
// machine that it runs on.
package main

import (
	"crypto/rand"
	"encoding/json"
	"syscall/js"
	"time"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/services/earshot/internal/score"
)

func main() {
	packs, err := engine.BuiltinPacks()
	if err != nil {
		panic(err)
	}
	scorer, err := score.New(engine.Options{Packs: packs, Key: []byte(rand.Text())}, false)
	if err != nil {
		panic(err)
	}
	js.Global().Set("earshotCheck", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return check(scorer, args)
	}))
	select {} // the page calls in until it is closed
}

// check takes a draft as JSON and returns the answer as JSON; {"error": …} where it is none.
func check(scorer *score.Scorer, args []js.Value) string {
	if len(args) != 1 || args[0].Type() != js.TypeString {
		return `{"error":"want one draft as JSON"}`
	}
	answer, err := scorer.Check([]byte(args[0].String()), time.Now())
	if err != nil {
		if answer, err = json.Marshal(map[string]string{"error": err.Error()}); err != nil {
			return `{"error":"unknown"}`
		}
	}
	return string(answer)
}
