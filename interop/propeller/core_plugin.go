package main

import (
	"context"
	"fmt"
	"time"

	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery/core"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/plugins/webapi/agent"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/plugins/webapi/connector"
	"github.com/flyteorg/flyte/flytestdlib/config"
	"github.com/flyteorg/flyte/flytestdlib/promutils"
)

const (
	// The shortest period between two GetTask calls that the plugins accept.
	getTaskPeriod = 5 * time.Second
	// A busy machine does not need so long; most cases are not about deadlines.
	patientTimeout = time.Minute
)

// Routing is what an operator writes into propeller's configuration.
type Routing struct {
	// Endpoint of the default deployment, `host:port`.
	Endpoint string
	// Endpoints of the other deployments by their ids.
	Deployments map[string]string
	// Deployment ids by task type: `agentForTaskTypes`.
	ForTaskTypes map[string]string
	// Whether the servers are reached over TLS.
	IsTLS bool
	// Deadlines by method name. A method that is not named has patientTimeout.
	Timeouts map[string]time.Duration
	// Whether the methods that are not named have propeller's own default: 3 s or 10 s.
	HasDefaultTimeouts bool
}

// CorePlugin is propeller's own plugin, set up as propeller does it.
type CorePlugin struct {
	core.Plugin
	// KnowsTaskType tells whether a server listed the task type at the last ListAgents.
	KnowsTaskType func(string) bool
}

// loadCorePlugin calls ListAgents at every deployment and starts the watch that repeats it.
func loadCorePlugin(ctx context.Context, pluginName string, routing Routing) (CorePlugin, error) {
	switch pluginName {
	case "agent":
		service := &agent.AgentService{}
		if err := agent.SetConfig(agentConfig(routing)); err != nil {
			return CorePlugin{}, err
		}
		agent.RegisterAgentPlugin(service)
		return loadRegistered(ctx, agent.ID, service.ContainTaskType)
	case "connector":
		service := &connector.ConnectorService{}
		if err := connector.SetConfig(connectorConfig(routing)); err != nil {
			return CorePlugin{}, err
		}
		connector.RegisterConnectorPlugin(service)
		return loadRegistered(ctx, connector.ID, service.ContainTaskType)
	default:
		return CorePlugin{}, fmt.Errorf("-plugin must be agent or connector, got %q", pluginName)
	}
}

func loadRegistered(ctx context.Context, id string, knowsTaskType func(string) bool) (CorePlugin, error) {
	for _, entry := range pluginmachinery.PluginRegistry().GetCorePlugins() {
		if entry.ID == id {
			plugin, err := entry.LoadPlugin(ctx, setupContext{})
			return CorePlugin{Plugin: plugin, KnowsTaskType: knowsTaskType}, err
		}
	}
	return CorePlugin{}, fmt.Errorf("propeller's registry has no plugin %q", id)
}

func agentConfig(routing Routing) *agent.Config {
	cfg := *agent.GetConfig()
	cfg.WebAPI.Caching.ResyncInterval = config.Duration{Duration: getTaskPeriod}
	cfg.PollInterval = config.Duration{Duration: time.Second}
	cfg.DefaultAgent.Endpoint = routing.Endpoint
	cfg.DefaultAgent.Insecure = !routing.IsTLS
	cfg.DefaultAgent.Timeouts = routing.timeouts()
	cfg.AgentDeployments = map[string]*agent.Deployment{}
	for id, endpoint := range routing.Deployments {
		deployment := cfg.DefaultAgent
		deployment.Endpoint = endpoint
		cfg.AgentDeployments[id] = &deployment
	}
	cfg.AgentForTaskTypes = routing.ForTaskTypes
	return &cfg
}

func connectorConfig(routing Routing) *connector.Config {
	cfg := *connector.GetConfig()
	cfg.WebAPI.Caching.ResyncInterval = config.Duration{Duration: getTaskPeriod}
	cfg.PollInterval = config.Duration{Duration: time.Second}
	cfg.DefaultConnector.Endpoint = routing.Endpoint
	cfg.DefaultConnector.Insecure = !routing.IsTLS
	cfg.DefaultConnector.Timeouts = routing.timeouts()
	cfg.ConnectorDeployments = map[string]*connector.Deployment{}
	for id, endpoint := range routing.Deployments {
		deployment := cfg.DefaultConnector
		deployment.Endpoint = endpoint
		cfg.ConnectorDeployments[id] = &deployment
	}
	cfg.ConnectorForTaskTypes = routing.ForTaskTypes
	return &cfg
}

func (r Routing) timeouts() map[string]config.Duration {
	timeouts := map[string]config.Duration{}
	if !r.HasDefaultTimeouts {
		// The agent plugin says ListAgents, the connector plugin ListConnectors, of the same call.
		for _, method := range []string{"CreateTask", "GetTask", "DeleteTask", "ExecuteTaskSync", "ListAgents", "ListConnectors"} {
			timeouts[method] = config.Duration{Duration: patientTimeout}
		}
	}
	for method, timeout := range r.Timeouts {
		timeouts[method] = config.Duration{Duration: timeout}
	}
	return timeouts
}

// setupContext is what propeller hands to a plugin when it loads it. There is no cluster here.
type setupContext struct{}

func (setupContext) EnqueueOwner() core.EnqueueOwner           { return nil }
func (setupContext) OwnerKind() string                         { return "FlyteWorkflow" }
func (setupContext) MetricsScope() promutils.Scope             { return promutils.NewScope("propeller_client") }
func (setupContext) KubeClient() core.KubeClient               { return nil }
func (setupContext) SecretManager() core.SecretManager         { return nil }
func (setupContext) ResourceRegistrar() core.ResourceRegistrar { return resources{} }
