/**
 * A value within more containers (lists, maps, unions, structures and what they hold) than this is refused, reading and
 * writing, whichever way it is encoded, so that nothing can exhaust the stack.
 */
export const maxDepth = 200;

/** The limit of protobuf-es for messages around such a value: a Struct, a list and a value make three of them a level. */
export const recursionLimit: number = 3 * maxDepth + 100;
