/**
 * Makes many questions one: those that are asked in the same turn of the event loop are answered by one call of `work`. Nothing is kept: what is asked
 * in the next turn is looked up anew, so that no answer is older than its question.
 * @param work answers by key; a key that is not in the map has no answer
 */
export function together<K, V>(work: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): (key: K) => Promise<V | undefined> {
  let keys: Set<K> | undefined;
  let answers: Promise<ReadonlyMap<K, V>> | undefined;
  return async (key) => {
    if (!keys || !answers) {
      const asked = (keys = new Set<K>());
      answers = new Promise((turn) => setImmediate(turn)).then(() => {
        keys = answers = undefined;
        return work([...asked]);
      });
    }
    keys.add(key);
    return (await answers).get(key);
  };
}
