package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/protobuf/proto"

	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// The real webhook plugin with a template that flytekit wrote.
func webhook(ctx context.Context, s *Session) error {
	task, err := s.fixture("webhook-get")
	if err != nil {
		return err
	}
	var requested url.URL
	receiver := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		requested = *request.URL
		_, _ = writer.Write([]byte("thank you"))
	}))
	defer receiver.Close()
	task.Inputs.Literals["base"] = textLiteral(receiver.URL)
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	return all(
		succeeded(life.End),
		equal("path", requested.Path, "/items/10"),
		// Sorted, since Go writes the members of a Struct in any order.
		equal("query", requested.Query().Encode(), "exact=true&page=2&q=green+%26+blue%2F%C3%BC&ratio=0.5"),
		contains("outputs", string(life.End.Outputs.GetLiterals()["info"].GetScalar().GetBinary().GetValue()), "thank you"),
		equal("ExecuteTaskSync calls", len(s.Transcript.of("ExecuteTaskSync")), 1),
	)
}

// The real sensor plugin with a template that flytekit wrote: the file comes after the first poll.
func sensor(ctx context.Context, s *Session) error {
	task, err := s.fixture("sensor-file")
	if err != nil {
		return err
	}
	file := filepath.Join(s.StoreFolder, fmt.Sprintf("awaited-%d", time.Now().UnixNano()))
	task.Inputs.Literals["path"] = textLiteral(file)
	evaluator, life, err := s.untilRunning(ctx, Routing{}, task)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return err
	}
	if err := evaluator.run(ctx, life, toTheEnd); err != nil {
		return err
	}
	return succeeded(life.End)
}

func (s *Session) fixture(name string) (Task, error) {
	task := Task{Template: &idl.TaskTemplate{}, Inputs: &idl.LiteralMap{}}
	for file, message := range map[string]proto.Message{"task-template.pb": task.Template, "inputs.pb": task.Inputs} {
		content, err := os.ReadFile(filepath.Join(s.FixtureFolder, name, file))
		if err != nil {
			return task, err
		}
		if err := proto.Unmarshal(content, message); err != nil {
			return task, fmt.Errorf("%s of %s: %w", file, name, err)
		}
	}
	return task, nil
}
