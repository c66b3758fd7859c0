package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// all reports everything that is not as expected, not only the first.
func all(problems ...error) error { return errors.Join(problems...) }

func equal[T any](what string, got, want T) error {
	if reflect.DeepEqual(got, want) {
		return nil
	}
	return fmt.Errorf("%s: got %v, expected %v", what, got, want)
}

func contains(what, got string, parts ...string) error {
	for _, part := range parts {
		if !strings.Contains(got, part) {
			return fmt.Errorf("%s: got %q, expected %q in it", what, got, part)
		}
	}
	return nil
}

func atMost(what string, got, limit time.Duration) error {
	if got <= limit {
		return nil
	}
	return fmt.Errorf("%s: took %s, expected at most %s", what, got.Round(time.Millisecond), limit)
}

func outputsEqual(end *End, want map[string]*idl.Literal) error {
	if end == nil || end.Outputs == nil {
		return fmt.Errorf("outputs: got none, expected %d; the task ended with %v", len(want), end)
	}
	expected := &idl.LiteralMap{Literals: want}
	if proto.Equal(end.Outputs, expected) {
		return nil
	}
	return fmt.Errorf("outputs: got %s, expected %s", shortened(end.Outputs), shortened(expected))
}

func shortened(message proto.Message) string {
	text := protojson.MarshalOptions{}.Format(message)
	if len(text) > 500 {
		return fmt.Sprintf("%s… (%d characters)", text[:500], len(text))
	}
	return text
}

func endsWith(end *End, code string, messageParts ...string) error {
	if end == nil || end.Error == nil {
		return fmt.Errorf("end: got no error, expected the code %q", code)
	}
	return all(
		equal("code", end.Error.GetCode(), code),
		equal("kind", end.Error.GetKind(), idl.ExecutionError_USER),
		contains("message", end.Error.GetMessage(), messageParts...),
	)
}

func succeeded(end *End) error {
	if end == nil || end.Error != nil {
		return fmt.Errorf("end: got %v, expected success", end)
	}
	return nil
}

// phases are the phases of the events, without repetitions.
func phases(life *Life) []string {
	names := []string{}
	for _, event := range life.Events {
		if len(names) == 0 || names[len(names)-1] != event.Phase {
			names = append(names, event.Phase)
		}
	}
	return names
}

func eventOf(life *Life, phase string) Event {
	for _, event := range life.Events {
		if event.Phase == phase {
			return event
		}
	}
	return Event{}
}

func integerLiteral(value int64) *idl.Literal {
	return primitiveLiteral(&idl.Primitive{Value: &idl.Primitive_Integer{Integer: value}})
}

func floatLiteral(value float64) *idl.Literal {
	return primitiveLiteral(&idl.Primitive{Value: &idl.Primitive_FloatValue{FloatValue: value}})
}

func textLiteral(value string) *idl.Literal {
	return primitiveLiteral(&idl.Primitive{Value: &idl.Primitive_StringValue{StringValue: value}})
}

func primitiveLiteral(primitive *idl.Primitive) *idl.Literal {
	return &idl.Literal{Value: &idl.Literal_Scalar{Scalar: &idl.Scalar{Value: &idl.Scalar_Primitive{Primitive: primitive}}}}
}
