/** The secrets that a plugin got from the server's own places, so that they can be concealed in what it says later. */
export interface KnownSecrets {
  add(value: string): void;
  values(): Iterable<string>;
}

/** A plugin asks for a handful; a renewed one is a further value, and clients live on with the old one for a while. */
const remembered = 100;

/**
 * Makes a memory of the newest hundred.
 *
 * @param onAdded told of each, known or not.
 */
export function createKnownSecrets(onAdded: (value: string) => void = () => {}): KnownSecrets {
  const known = new Set<string>();
  return {
    add(value) {
      onAdded(value);
      known.delete(value);
      known.add(value);
      const [oldest] = known;
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    },
    values: () => known,
  };
}
