/** What a record has under a name that somebody chose: `constructor` is a name, too, and every object inherits one. */

export function ownProperty<V>(record: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
