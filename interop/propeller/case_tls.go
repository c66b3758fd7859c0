package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Propeller trusts the authorities of its system and nobody else; the certificate is made its only one.
func tls(ctx context.Context, s *Session) error {
	file := filepath.Join(s.StoreFolder, "tls-"+strings.ReplaceAll(s.Endpoint, ":", "-"))
	if err := writeCertificate(file+".cert.pem", file+".key.pem"); err != nil {
		return err
	}
	if err := os.Setenv("SSL_CERT_FILE", file+".cert.pem"); err != nil {
		return err
	}
	if err := s.restart(ctx, stopServer, startServerTLS); err != nil {
		return err
	}
	evaluator, err := s.propeller(ctx, Routing{IsTLS: true})
	if err != nil {
		return err
	}
	problems := []error{awaitTaskType(ctx, evaluator, scripted, true)}
	for _, taskType := range []string{scripted, scriptedSync} {
		life, err := s.liveWith(ctx, evaluator, newTask(taskType, script(ScriptStep{Phase: "succeeded", Outputs: map[string]any{"n": 14}}), declaredNumber))
		if err != nil {
			return err
		}
		problems = append(problems, outputsEqual(life.End, number(14)))
	}
	return all(problems...)
}

func writeCertificate(certFile string, keyFile string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "interop"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	encodedKey, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encodedKey}), 0o600); err != nil {
		return err
	}
	return os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o600)
}
