package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/flyteorg/flyte/flytestdlib/promutils"
	"github.com/flyteorg/flyte/flytestdlib/storage"
)

// The bucket of the blob store; a folder here.
const container = "flyte"

// Session is what a case has to work with.
type Session struct {
	CaseName   string
	PluginName string
	// Addresses of our servers, `host:port`.
	Endpoint string
	Canary   string
	// Folder of the blob store, which the agents write to as well.
	StoreFolder string
	// Folder of what flytekit wrote, see interop/fixtures.
	FixtureFolder string
	Transcript    *Transcript
	// Propeller's storage.limits.maxDownloadMBs, 2 by default. More here, to read outputs that propeller wrote.
	MaxDownloadMebibytes int64
	printing             sync.Mutex
}

// report prints one step as a line of JSON.
func (s *Session) report(step string, details any) {
	line, err := json.Marshal(map[string]any{
		"case": s.CaseName, "plugin": s.PluginName, "at": time.Now().UTC().Format(time.RFC3339Nano), "step": step, "details": details,
	})
	if err != nil {
		line, _ = json.Marshal(map[string]any{"case": s.CaseName, "step": step, "details": fmt.Sprint(details)})
	}
	s.printing.Lock()
	defer s.printing.Unlock()
	fmt.Fprintf(os.Stdout, "%s\n", line)
}

// propeller sets the plugin up. It can be done once in a process.
func (s *Session) propeller(ctx context.Context, routing Routing) (*Evaluator, error) {
	if routing.Endpoint == "" {
		routing.Endpoint = s.Endpoint
	}
	// Propeller would make it itself, but panics if another process is a little faster.
	if err := os.MkdirAll(filepath.Join(s.StoreFolder, container), 0o700); err != nil {
		return nil, err
	}
	config := &storage.Config{
		Type:          storage.TypeLocal,
		InitContainer: container,
		Stow:          storage.StowConfig{Kind: "local", Config: map[string]string{"path": s.StoreFolder}},
		Limits:        storage.LimitsConfig{GetLimitMegabytes: s.MaxDownloadMebibytes},
	}
	if err := storage.ConfigSection.SetConfig(config); err != nil {
		return nil, err
	}
	store, err := storage.NewDataStore(config, promutils.NewScope("propeller_client_store"))
	if err != nil {
		return nil, err
	}
	plugin, err := loadCorePlugin(ctx, s.PluginName, routing)
	return &Evaluator{plugin: plugin, store: store, report: s.report}, err
}

// live runs one task from its start to its end with the default routing.
func (s *Session) live(ctx context.Context, task Task) (*Life, *Evaluator, error) {
	evaluator, err := s.propeller(ctx, Routing{})
	if err != nil {
		return nil, nil, err
	}
	life, err := evaluator.start(ctx, s.CaseName, task)
	if err != nil {
		return nil, nil, err
	}
	return life, evaluator, evaluator.run(ctx, life, toTheEnd)
}

// What a case can ask of whoever runs it, for its server.
const (
	stopServer     = "stop"
	killServer     = "kill"
	startServer    = "start"
	startServerTLS = "start with TLS"
)

// restart ends the server in one way, and starts it in another when it is away.
func (s *Session) restart(ctx context.Context, end, start string) error {
	if err := s.endServer(ctx, end); err != nil {
		return err
	}
	return s.startServer(ctx, start)
}

// endServer asks for the end of the server; it takes no new connections when this returns.
func (s *Session) endServer(ctx context.Context, how string) error {
	s.report("ask", how)
	return poll(ctx, "the server is away", func() bool { return !isListening(s.Endpoint) })
}

func (s *Session) startServer(ctx context.Context, how string) error {
	s.report("ask", how)
	return poll(ctx, "the server listens", func() bool { return isListening(s.Endpoint) })
}

func isListening(endpoint string) bool {
	conn, err := net.DialTimeout("tcp", endpoint, time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
