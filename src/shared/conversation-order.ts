/**
 * The order of a conversation's items. The server names for each item the one it follows, but the events that say
 * so come in any order, and what the client adds itself is unknown to the server.
 */

/** One item's place: what it follows (null when not known or nothing) and when it was first seen. */
export interface Place {
  readonly previous: string | null;
  readonly seq: number;
  /** Placed by the client or by an earlier server session: a server that does not know it puts new items after it. */
  readonly local: boolean;
}

/**
 * Ids in conversation order. Each item stands behind the one it follows; of two that follow the same one the later
 * stands nearer, as when a list is inserted into, but behind a local one. Items that follow nothing known stand in order of arrival.
 */
export function orderOf(places: ReadonlyMap<string, Place>): string[] {
  const followers = new Map<string | null, string[]>();
  for (const [id, place] of places) {
    const previous = place.previous !== null && places.has(place.previous) ? place.previous : null;
    const list = followers.get(previous);
    if (list) list.push(id);
    else followers.set(previous, [id]);
  }
  const seq = (id: string) => places.get(id)?.seq ?? 0;
  const isLocal = (id: string) => (places.get(id)?.local ? 1 : 0);

  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (root: string) => {
    const stack = [root];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      order.push(id);
      // The last one pushed is visited first.
      const next = followers.get(id) ?? [];
      next.sort((a, b) => isLocal(a) - isLocal(b) || seq(a) - seq(b));
      stack.push(...next);
    }
  };
  for (const root of (followers.get(null) ?? []).sort((a, b) => seq(a) - seq(b))) visit(root);
  // A server that names two items each other's predecessor leaves them without a root.
  for (const id of places.keys()) visit(id);
  return order;
}
