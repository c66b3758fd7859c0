// Etcd is etcd itself: a module of its own, because its published one replaces its parts by folders of its repository.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
