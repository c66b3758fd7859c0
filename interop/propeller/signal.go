package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Signal is the path of a file that is there once something has happened. Cases and agents tell each other by signals,
// not by times, so that a busy machine changes nothing.
type Signal string

// newSignal makes one that was not given yet.
func (s *Session) newSignal(name string) Signal {
	return Signal(filepath.Join(s.StoreFolder, fmt.Sprintf("%s-%d-%s", s.CaseName, time.Now().UnixNano(), name)))
}

func (f Signal) give() error { return os.WriteFile(string(f), nil, 0o600) }

// await waits until somebody has given it.
func (f Signal) await(ctx context.Context) error {
	return poll(ctx, filepath.Base(string(f)), func() bool {
		_, err := os.Stat(string(f))
		return !errors.Is(err, fs.ErrNotExist)
	})
}

// poll waits until something is true.
func poll(ctx context.Context, what string, isTrue func() bool) error {
	for !isTrue() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited for: %s: %w", what, context.Cause(ctx))
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}
