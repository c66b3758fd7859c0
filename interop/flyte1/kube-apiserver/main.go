// Kube-apiserver is Kubernetes' own command: a module of its own, because Kubernetes names its parts by folders of its repository.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}
