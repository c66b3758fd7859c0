package main

import (
	"context"
	"fmt"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery/catalog"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery/core"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery/encoding"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery/io"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery/ioutils"
	"github.com/flyteorg/flyte/flytestdlib/storage"
)

const (
	project = "interop"
	domain  = "development"
)

// taskContext is one round of evaluation of one attempt, as propeller's task handler makes it.
type taskContext struct {
	store    *storage.DataStore
	state    *pluginState
	reader   core.TaskReader
	inputs   io.InputReader
	outputs  *ioutils.BufferedOutputWriter
	metadata taskMetadata
}

func newTaskContext(ctx context.Context, store *storage.DataStore, life *Life) (*taskContext, error) {
	node := nodeFolder(life.Execution)
	prefix := storage.DataReference(fmt.Sprintf("%s/data/%d", node, life.Attempt))
	name, err := encoding.FixedLengthUniqueIDForParts(50, []string{life.Execution, "n0", fmt.Sprint(life.Attempt)})
	if err != nil {
		return nil, err
	}
	raw := ioutils.NewRawOutputPaths(ctx, storage.DataReference(fmt.Sprintf("%s/raw/%d", node, life.Attempt)))
	paths := ioutils.NewCheckpointRemoteFilePaths(ctx, store, prefix, raw, "")
	return &taskContext{
		store:    store,
		state:    &pluginState{stored: life.State},
		reader:   ioutils.NewLazyUploadingTaskReader(life.Task, node+"/task.pb", store),
		inputs:   ioutils.NewRemoteFileInputReader(ctx, store, ioutils.NewInputFilePaths(ctx, store, node)),
		outputs:  ioutils.NewBufferedOutputWriter(ctx, paths),
		metadata: taskMetadata{life: life, generatedName: name},
	}, nil
}

// nodeFolder is where propeller keeps the inputs and outputs of the only node of an execution.
func nodeFolder(execution string) storage.DataReference {
	return storage.DataReference(fmt.Sprintf("file://flyte/metadata/%s-%s-%s/n0", project, domain, execution))
}

func (t *taskContext) ResourceManager() core.ResourceManager             { return resources{} }
func (t *taskContext) SecretManager() core.SecretManager                 { return nil }
func (t *taskContext) TaskRefreshIndicator() core.SignalAsync            { return func(context.Context) {} }
func (t *taskContext) DataStore() *storage.DataStore                     { return t.store }
func (t *taskContext) PluginStateReader() core.PluginStateReader         { return t.state }
func (t *taskContext) PluginStateWriter() core.PluginStateWriter         { return t.state }
func (t *taskContext) TaskReader() core.TaskReader                       { return t.reader }
func (t *taskContext) InputReader() io.InputReader                       { return t.inputs }
func (t *taskContext) OutputWriter() io.OutputWriter                     { return t.outputs }
func (t *taskContext) TaskExecutionMetadata() core.TaskExecutionMetadata { return t.metadata }
func (t *taskContext) Catalog() catalog.AsyncClient                      { return nil }
func (t *taskContext) EventsRecorder() core.EventsRecorder               { return nil }

type taskMetadata struct {
	life          *Life
	generatedName string
}

func (m taskMetadata) GetTaskExecutionID() core.TaskExecutionID { return m }
func (m taskMetadata) GetGeneratedName() string                 { return m.generatedName }
func (m taskMetadata) GetUniqueNodeID() string                  { return "n0" }

func (m taskMetadata) GetGeneratedNameWith(int, int) (string, error) { return m.generatedName, nil }

func (m taskMetadata) GetID() idl.TaskExecutionIdentifier {
	return idl.TaskExecutionIdentifier{
		TaskId: m.life.Task.Template.GetId(),
		NodeExecutionId: &idl.NodeExecutionIdentifier{
			NodeId: "n0",
			ExecutionId: &idl.WorkflowExecutionIdentifier{
				Project: project,
				Domain:  domain,
				Name:    m.life.Execution,
			},
		},
		RetryAttempt: m.life.Attempt,
	}
}

func (m taskMetadata) GetOwnerID() types.NamespacedName {
	return types.NamespacedName{Namespace: m.GetNamespace(), Name: m.life.Execution}
}

func (m taskMetadata) GetNamespace() string                     { return project + "-" + domain }
func (m taskMetadata) GetOwnerReference() metav1.OwnerReference { return metav1.OwnerReference{} }
func (m taskMetadata) GetOverrides() core.TaskOverrides         { return overrides{} }
func (m taskMetadata) GetMaxAttempts() uint32                   { return m.life.MaxAttempts }
func (m taskMetadata) GetK8sServiceAccount() string             { return "default" }
func (m taskMetadata) IsInterruptible() bool                    { return false }
func (m taskMetadata) GetPlatformResources() *v1.ResourceRequirements {
	return &v1.ResourceRequirements{}
}
func (m taskMetadata) GetInterruptibleFailureThreshold() int32 { return 0 }
func (m taskMetadata) GetConsoleURL() string                   { return "" }

func (m taskMetadata) GetLabels() map[string]string {
	return map[string]string{"execution-id": m.life.Execution, "node-id": "n0", "task-name": "interop"}
}

func (m taskMetadata) GetAnnotations() map[string]string { return map[string]string{"interop": "yes"} }

func (m taskMetadata) GetEnvironmentVariables() map[string]string {
	return map[string]string{"INTEROP": "yes"}
}

func (m taskMetadata) GetSecurityContext() idl.SecurityContext {
	return idl.SecurityContext{RunAs: &idl.Identity{ExecutionIdentity: "interop"}}
}

// overrides of a task that has none.
type overrides struct{}

func (overrides) GetResources() *v1.ResourceRequirements       { return &v1.ResourceRequirements{} }
func (overrides) GetExtendedResources() *idl.ExtendedResources { return nil }
func (overrides) GetContainerImage() string                    { return "" }
func (overrides) GetPodTemplate() *idl.K8SPod                  { return nil }
func (overrides) GetConfig() *v1.ConfigMap                     { return &v1.ConfigMap{} }
