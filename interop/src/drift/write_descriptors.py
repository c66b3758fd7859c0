"""Writes a FileDescriptorSet: write_descriptors.py OUTPUT MODULE…, with everything that the generated modules import."""

import importlib
import sys

from google.protobuf import descriptor_pb2

output, *modules = sys.argv[1:]
found = {}


def add(file):
    if file.name in found:
        return
    for imported in file.dependencies:
        add(imported)
    found[file.name] = descriptor_pb2.FileDescriptorProto()
    file.CopyToProto(found[file.name])


for module in modules:
    add(importlib.import_module(module).DESCRIPTOR)
with open(output, "wb") as target:
    target.write(descriptor_pb2.FileDescriptorSet(file=found.values()).SerializeToString())
