/** Does an answer keep what `/openapi.json` says of it? As strict as can be: a field that is not described is a fault, too. */

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minimum?: number;
}

export interface Described {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>>
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** What is wrong with the answer, in a line; null when nothing is. Of what no route answers, nothing is said. */
export function untruth(
  document: Described,
  { method, path, status, type, text }: { method: string; path: string; status: number; type: string; text: string },
): string | null {
  const template = Object.keys(document.paths).find((each) => fits(each, path) && hasMethod(document, each, method));
  if (template === undefined) return null;
  const where = `${method} ${template} ${status}`;
  const response = document.paths[template]![method.toLowerCase()]!.responses[status];
  // What no route is asked for by name: the server's own refusals.
  if (response === undefined)
    return [404, 405, 429, 431].includes(status) ? null : `${where}: the status is not described`;
  if (response.content === undefined) return text === "" ? null : `${where}: the body is not described`;
  const essence = type.split(";")[0]!;
  const described = response.content[essence];
  if (described === undefined) return `${where}: the body is ${essence}, which is not described`;
  if (!essence.endsWith("json")) return null;
  const fault = faultOf(JSON.parse(text), described.schema, document);
  return fault === null ? null : `${where}: the body${fault}`;
}

function hasMethod(document: Described, template: string, method: string): boolean {
  return document.paths[template]![method.toLowerCase()] !== undefined;
}

function fits(template: string, path: string): boolean {
  const [wanted, found] = [template.split("/"), path.split("?")[0]!.split("/")];
  return wanted.length === found.length && wanted.every((part, i) => part.startsWith("{") || part === found[i]);
}

/** The path to what is wrong, and how; null when nothing is. */
function faultOf(value: unknown, schema: Schema, document: Described): string | null {
  const { $ref, anyOf, oneOf } = schema;
  if ($ref !== undefined) return faultOf(value, document.components.schemas[$ref.split("/").at(-1)!]!, document);
  const choices = anyOf ?? oneOf;
  if (choices !== undefined) {
    const faults = choices.map((choice) => faultOf(value, choice, document));
    return faults.includes(null) ? null : (faults.at(0) ?? null);
  }
  const {
    type,
    enum: values,
    properties,
    additionalProperties,
    items,
    required = [],
    minimum,
  } = merged(schema, document);
  if (values !== undefined && !values.includes(value))
    return ` is ${JSON.stringify(value)}, and may be ${values.join()}`;
  if (type !== undefined && ![type].flat().some((each) => isOf(value, each))) {
    return ` is ${JSON.stringify(value)?.slice(0, 80)}, and should be of ${[type].flat().join(" or ")}`;
  }
  if (minimum !== undefined && typeof value === "number" && value < minimum) return ` is ${value}, below ${minimum}`;
  if (Array.isArray(value)) {
    if (items === undefined) return null;
    return first(value, (item, i) => within(`[${i}]`, faultOf(item, items, document)));
  }
  if (typeof value !== "object" || value === null || properties === undefined) {
    if (typeof value !== "object" || value === null || typeof additionalProperties !== "object") return null;
    return first(Object.entries(value), ([name, each]) =>
      within(`.${name}`, faultOf(each, additionalProperties, document)),
    );
  }
  const missing = required.find((name) => !(name in value));
  if (missing !== undefined) return ` has no ${missing}`;
  return first(Object.entries(value), ([name, each]) => {
    const described = properties[name];
    if (described !== undefined) return within(`.${name}`, faultOf(each, described, document));
    return additionalProperties === undefined || additionalProperties === false ? `.${name} is not described` : null;
  });
}

/** With its parts, where it is made of several. */
function merged(schema: Schema, document: Described): Schema {
  const parts = (schema.allOf ?? []).map((part) =>
    merged(part.$ref === undefined ? part : document.components.schemas[part.$ref.split("/").at(-1)!]!, document),
  );
  return parts.reduce(
    (whole, part) => ({
      ...whole,
      ...part,
      properties: { ...whole.properties, ...part.properties },
      required: [...(whole.required ?? []), ...(part.required ?? [])],
    }),
    schema,
  );
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

function within(place: string, fault: string | null): string | null {
  return fault === null ? null : `${place}${fault}`;
}

function first<T>(items: readonly T[], fault: (item: T, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const found = fault(item, index);
    if (found !== null) return found;
  }
  return null;
}
