//go:build !linux

package torture

import (
	"context"

	"polku/internal/fault"
)

func diskFull(context.Context, Options, *Report) error {
	return fault.E(fault.Unavailable, "torture.no_space", nil)
}
