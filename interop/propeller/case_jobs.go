package main

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/plugins/webapi/agent"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/plugins/webapi/connector"
)

// storedState has the members of the plugins' state, by which a gob is read.
type storedState struct {
	Phase                           int
	PhaseVersion                    uint32
	ResourceMeta                    any
	SyncFailureCount                int
	AllocationTokenRequestStartTime time.Time
	ErrorMessage                    string
}

// withJob makes a life that goes on with a job which somebody else created, as propeller would find it in its store.
func withJob(life *Life, pluginName string, category *admin.TaskCategory, job []byte) (*Life, error) {
	state := storedState{}
	if err := gob.NewDecoder(bytes.NewReader(life.State)).Decode(&state); err != nil {
		return nil, err
	}
	prefix := string(nodeFolder(life.Execution)) + "/data/0"
	if pluginName == "agent" {
		state.ResourceMeta = agent.ResourceMetaWrapper{OutputPrefix: prefix, AgentResourceMeta: job, TaskCategory: admin.TaskCategory{Name: category.Name}}
	} else {
		state.ResourceMeta = connector.ResourceMetaWrapper{OutputPrefix: prefix, ConnectorResourceMeta: job, TaskCategory: admin.TaskCategory{Name: category.Name}}
	}
	var buffer bytes.Buffer
	if err := gob.NewEncoder(&buffer).Encode(state); err != nil {
		return nil, err
	}
	adopted := *life
	// Another name, so that the poll cache of this process does not know the job.
	adopted.Execution += "-adopted"
	adopted.State = buffer.Bytes()
	adopted.Events = nil
	return &adopted, nil
}

// jobOf is the job that propeller stored for a task.
func jobOf(life *Life) ([]byte, error) {
	state := storedState{}
	if err := gob.NewDecoder(bytes.NewReader(life.State)).Decode(&state); err != nil {
		return nil, err
	}
	switch meta := state.ResourceMeta.(type) {
	case agent.ResourceMetaWrapper:
		return meta.AgentResourceMeta, nil
	case connector.ResourceMetaWrapper:
		return meta.ConnectorResourceMeta, nil
	default:
		return nil, fmt.Errorf("the stored state has no job but %T", state.ResourceMeta)
	}
}

// Flytekit's own server created the job; ours polls and deletes it.
func jobOfFlytekit(ctx context.Context, s *Session) error {
	job, err := os.ReadFile(filepath.Join(s.FixtureFolder, "sensor-file", "resource-meta.bin"))
	if err != nil {
		return err
	}
	_, _, err = s.adoptSensor(ctx, job)
	return err
}

// There is no older release: the jobs of this one are kept as files. The newer server must understand them, and must
// write what the older one understands.
func jobsOfOlderRelease(ctx context.Context, s *Session) error {
	folder := filepath.Join(s.FixtureFolder, "..", "jobs-0.1.0")
	kept, err := os.ReadFile(filepath.Join(folder, "sensor.bin"))
	if err != nil {
		return err
	}
	evaluator, fresh, err := s.adoptSensor(ctx, kept)
	if err != nil {
		return err
	}
	answer, err := os.ReadFile(filepath.Join(folder, "sync-answer.bin"))
	if err != nil {
		return err
	}
	task := newTask(scriptedSync, script(ScriptStep{Phase: "succeeded", Message: "done", Outputs: map[string]any{"n": 13}}), declaredNumber)
	life, err := evaluator.start(ctx, s.CaseName, task)
	if err != nil {
		return err
	}
	hasJob := func(life *Life) bool { _, err := jobOf(life); return err == nil }
	if err := evaluator.run(ctx, life, hasJob); err != nil {
		return err
	}
	freshAnswer, err := jobOf(life)
	if err != nil {
		return err
	}
	adopted, err := withJob(life, s.PluginName, &admin.TaskCategory{Name: scriptedSync}, answer)
	if err != nil {
		return err
	}
	if err := evaluator.run(ctx, adopted, toTheEnd); err != nil {
		return err
	}
	return all(
		equal("job of the sensor", string(fresh), string(kept)),
		equal("job of a synchronous agent", string(freshAnswer), string(answer)),
		outputsEqual(adopted.End, number(13)),
	)
}

// adoptSensor polls and deletes a job for the file of the fixture; it returns the job that our server makes of that task.
func (s *Session) adoptSensor(ctx context.Context, job []byte) (*Evaluator, []byte, error) {
	task, err := s.fixture("sensor-file")
	if err != nil {
		return nil, nil, err
	}
	pinned := Routing{
		Deployments:  map[string]string{"pinned": s.Endpoint},
		ForTaskTypes: map[string]string{scriptedSync: "pinned"},
	}
	evaluator, life, err := s.untilRunning(ctx, pinned, task)
	if err != nil {
		return nil, nil, err
	}
	fresh, err := jobOf(life)
	if err != nil {
		return nil, nil, err
	}
	adopted, err := withJob(life, s.PluginName, &admin.TaskCategory{Name: "sensor"}, job)
	if err != nil {
		return nil, nil, err
	}
	isRunning := func(life *Life) bool { return len(life.Events) > 0 && life.Phase.String() == "PhaseRunning" }
	if err := evaluator.run(ctx, adopted, isRunning); err != nil {
		return nil, nil, err
	}
	if err := evaluator.abort(ctx, adopted); err != nil {
		return nil, nil, err
	}
	polls, deleted := s.Transcript.of("GetTask"), s.Transcript.of("DeleteTask")
	return evaluator, fresh, all(answered(polls, codes.OK), answered(deleted, codes.OK), equal("DeleteTask calls", len(deleted), 1))
}
