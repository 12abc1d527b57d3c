/**
 * Makes a pure thing once for each key: a run says the same of the same opportunities to thousands. Emptied when it holds so many, so that memory stays flat.
 * @param most keys it holds
 */
export function remembering<T>(most: number): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make();
    if (known.size >= most) known.clear();
    known.set(key, made);
    return made;
  };
}
