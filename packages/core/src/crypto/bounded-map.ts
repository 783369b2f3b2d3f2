/**
 * Puts an entry into a map that is used as a cache, and forgets the oldest entries so that the map never
 * holds more than `limit`: input from outside must not be able to fill the memory.
 *
 * @param limit greatest number of entries, at least 1
 */
export function rememberBounded<K, V>(map: Map<K, V>, key: K, value: V, limit: number): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= limit) return;
    map.delete(oldest);
  }
}
