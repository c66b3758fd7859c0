package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
)

// A server that counts pings as abuse closes the connection after the second, as grpc's own servers do by default.
const keepaliveTime = 130 * time.Second

// Flyte 2's executor pings each 30 s while a call runs; others ping each 10 s, the shortest time of grpc-go, even
// without a call. Both connections must last.
func keepalivePings(ctx context.Context, s *Session) error {
	busy := keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}
	idle := keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 20 * time.Second, PermitWithoutStream: true}
	results := make(chan error, 2)
	go func() { results <- s.longCall(ctx, busy) }()
	go func() { results <- s.quietConnection(ctx, idle) }()
	return errors.Join(<-results, <-results)
}

func (s *Session) longCall(ctx context.Context, parameters keepalive.ClientParameters) error {
	conn, counted, err := s.dial(parameters)
	if err != nil {
		return err
	}
	defer conn.Close()
	plan := endAtOnce()
	plan.Slow = &ScriptSlow{CreateMs: int(keepaliveTime.Milliseconds())}
	request := &admin.CreateTaskRequest{Template: newTask(scripted, plan, nil).Template, OutputPrefix: "file://flyte/keepalive"}
	began := time.Now()
	if _, err := service.NewAsyncAgentServiceClient(conn).CreateTask(ctx, request); err != nil {
		return fmt.Errorf("the long call, after %s: %w", time.Since(began).Round(time.Second), err)
	}
	return counted.expect(s, "long call", parameters)
}

func (s *Session) quietConnection(ctx context.Context, parameters keepalive.ClientParameters) error {
	conn, counted, err := s.dial(parameters)
	if err != nil {
		return err
	}
	defer conn.Close()
	metadata := service.NewAgentMetadataServiceClient(conn)
	if _, err := metadata.ListAgents(ctx, &admin.ListAgentsRequest{}); err != nil {
		return err
	}
	watching, cancel := context.WithTimeout(ctx, keepaliveTime)
	defer cancel()
	if conn.WaitForStateChange(watching, connectivity.Ready) {
		return fmt.Errorf("the quiet connection is %s after %d pings", conn.GetState(), counted.answers.Load())
	}
	if _, err := metadata.ListAgents(ctx, &admin.ListAgentsRequest{}); err != nil {
		return err
	}
	return counted.expect(s, "quiet connection", parameters)
}

func (s *Session) dial(parameters keepalive.ClientParameters) (*grpc.ClientConn, *frameCounter, error) {
	counter := &frameCounter{}
	conn, err := grpc.NewClient("passthrough:///"+s.Endpoint,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithKeepaliveParams(parameters),
		grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
			raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
			counter.dials.Add(1)
			return &countedConn{Conn: raw, counter: counter}, err
		}))
	return conn, counter, err
}

// frameCounter counts what the server sends on a connection.
type frameCounter struct {
	dials, answers, goAways atomic.Int64
}

// Whatever comes from the server, such as its own pings, puts the next ping off: half of them are enough.
func (c *frameCounter) expect(s *Session, what string, parameters keepalive.ClientParameters) error {
	atLeast := int64(keepaliveTime/parameters.Time) / 2
	s.report(what, map[string]int64{"answered pings": c.answers.Load(), "connections": c.dials.Load(), "GOAWAYs": c.goAways.Load()})
	var problem error
	if c.answers.Load() < atLeast {
		problem = fmt.Errorf("%s: %d answered pings, expected at least %d", what, c.answers.Load(), atLeast)
	}
	return all(problem, equal(what+": connections", c.dials.Load(), 1), equal(what+": GOAWAYs", c.goAways.Load(), 0))
}

// countedConn looks at the headers of the HTTP/2 frames that are read: three bytes of length, type, flags.
type countedConn struct {
	net.Conn
	counter *frameCounter
	header  []byte
	skip    int
}

const (
	frameHeaderBytes = 9
	framePing        = 6
	frameGoAway      = 7
	flagAck          = 1
)

func (c *countedConn) Read(buffer []byte) (int, error) {
	count, err := c.Conn.Read(buffer)
	for rest := buffer[:count]; len(rest) > 0; {
		if c.skip > 0 {
			step := min(c.skip, len(rest))
			c.skip, rest = c.skip-step, rest[step:]
			continue
		}
		step := min(frameHeaderBytes-len(c.header), len(rest))
		c.header, rest = append(c.header, rest[:step]...), rest[step:]
		if len(c.header) == frameHeaderBytes {
			c.count(c.header)
			c.skip = int(c.header[0])<<16 | int(c.header[1])<<8 | int(c.header[2])
			c.header = c.header[:0]
		}
	}
	return count, err
}

func (c *countedConn) count(header []byte) {
	switch {
	case header[3] == framePing && header[4]&flagAck != 0:
		c.counter.answers.Add(1)
	case header[3] == frameGoAway:
		c.counter.goAways.Add(1)
	}
}
