/** A list that shares its beginning: the parser tries many ends for one beginning, and must not copy it for each. */

export type Chain<T> = { readonly previous: Chain<T>; readonly item: T } | null;

export function toArray<T>(chain: Chain<T>): T[] {
  const items: T[] = [];
  for (let link = chain; link !== null; link = link.previous) items.push(link.item);
  return items.reverse();
}
