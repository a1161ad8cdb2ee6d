/** The `where` of a list: the conditions that were asked for, with their parameters numbered. */

export interface Filter {
  readonly where: string;
  readonly parameters: readonly unknown[];
}

/** A condition has one `?`, for its value; those whose value is undefined or null are left out. */
export function filter(conditions: Readonly<Record<string, unknown>>): Filter {
  const asked = Object.entries(conditions).filter(([, value]) => value !== undefined && value !== null);
  // Postgres has no NUL in its texts and fails on one, so a text that holds one equals nothing.
  if (asked.some(([, value]) => typeof value === "string" && value.includes("\0"))) {
    return { where: "false", parameters: [] };
  }
  const parts = asked.map(([condition], index) => condition.replace("?", `$${index + 1}`));
  return { where: parts.length === 0 ? "true" : parts.join(" and "), parameters: asked.map(([, value]) => value) };
}
