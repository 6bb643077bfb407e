package writer

import (
	"testing"

	"github.com/earshot/earshot/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
