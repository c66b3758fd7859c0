package main

import (
	"bytes"

	"github.com/flyteorg/flyte/flytepropeller/pkg/controller/nodes/task/codex"
)

// pluginState is what propeller stores of a plugin in the FlyteWorkflow object: a gob, read at the start of a round of
// evaluation and written at its end.
type pluginState struct {
	stored  []byte
	version uint8
	written []byte
}

func (s *pluginState) GetStateVersion() uint8 { return s.version }

func (s *pluginState) Get(target interface{}) (uint8, error) {
	if s.stored == nil {
		return s.version, nil
	}
	return s.version, codex.GobStateCodec{}.Decode(bytes.NewReader(s.stored), target)
}

func (s *pluginState) Put(version uint8, value interface{}) error {
	var buffer bytes.Buffer
	if err := (codex.GobStateCodec{}).Encode(value, &buffer); err != nil {
		return err
	}
	s.version = version
	s.written = buffer.Bytes()
	return nil
}

func (s *pluginState) Reset() error {
	s.written = nil
	return nil
}
