/** What a mail says of its place in a thread. */
export type Place = { messageId: string | null; references: string[]; at: number };

/**
 * In the order of their arrival, which Graph tells in whole seconds, but an answer never before what it answers: a chain
 * in which each mail names only the one before it comes out whole. Mails that name each other in a circle, which only a
 * forger writes, keep the order of their arrival.
 */
export function questionsFirst<Item>(items: Item[], placeOf: (item: Item) => Place): Item[] {
  const places = items.map((item) => ({ item, ...placeOf(item) })).toSorted((one, other) => one.at - other.at);
  const named = Map.groupBy(places, ({ messageId }) => messageId);
  const ordered = new Set<Item>();
  const begun = new Set<Item>();
  const put = (place: (typeof places)[number]) => {
    if (begun.has(place.item)) return;
    begun.add(place.item);
    for (const question of place.references.flatMap((id) => named.get(id) ?? [])) put(question);
    ordered.add(place.item);
  };
  places.forEach(put);
  return [...ordered];
}
