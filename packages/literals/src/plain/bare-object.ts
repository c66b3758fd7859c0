/** Its prototype holds nothing and has none itself, so that every key, `__proto__` and `constructor` too, is a member only. */
class BareObject {}
Object.setPrototypeOf(BareObject.prototype, null);
Reflect.deleteProperty(BareObject.prototype, "constructor");
Object.freeze(BareObject.prototype);

/**
 * A new object that inherits nothing. Unlike `Object.create(null)`, which makes hash tables, objects with the same keys
 * share their layout: a third of the time and a quarter of the memory. For keys that are never the same twice it is the
 * other way round.
 */
export function bareObject<Value>(): { [key: string]: Value } {
  // An empty object is an object of any members.
  return new BareObject() as { [key: string]: Value };
}
