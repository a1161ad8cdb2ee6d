/** CSV after RFC 4180: fields divided by a comma, or quoted, with a quote inside of quotes written twice. */

export interface CsvDialect {
  /** One character. Default: `,`. */
  readonly delimiter?: string;
}

/** The fields of one record, without the line's end. Throws for a quote that is out of place. */
export function parseCsvRecord(record: string, { delimiter = "," }: CsvDialect = {}): string[] {
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    const field = record[at] === '"' ? quotedField(record, at) : plainField(record, { at, delimiter });
    fields.push(field.text);
    at = field.end;
    if (at === record.length) return fields;
    if (record[at] !== delimiter) {
      throw new Error(
        `found ${JSON.stringify(record[at])} behind the quotes of field ${fields.length}; expected the next field`,
      );
    }
  }
}

/** A record's line, with its end: CRLF. */
export function csvRecord(fields: readonly string[], { delimiter = "," }: CsvDialect = {}): string {
  return `${fields.map((field) => quotedWhereNeeded(field, delimiter)).join(delimiter)}\r\n`;
}

interface Field {
  readonly text: string;
  /** Behind it. */
  readonly end: number;
}

function plainField(record: string, { at, delimiter }: { readonly at: number; readonly delimiter: string }): Field {
  const next = record.indexOf(delimiter, at);
  const end = next < 0 ? record.length : next;
  const text = record.slice(at, end);
  if (!text.includes('"')) return { text, end };
  throw new Error(
    `found a quote inside of ${JSON.stringify(text)}; expected the whole field in quotes, and the quote twice`,
  );
}

function quotedField(record: string, at: number): Field {
  let text = "";
  for (let from = at + 1; ;) {
    const quote = record.indexOf('"', from);
    if (quote < 0) throw new Error("found no end of a field that begins with a quote");
    text += record.slice(from, quote);
    if (record[quote + 1] !== '"') return { text, end: quote + 1 };
    text += '"';
    from = quote + 2;
  }
}

function quotedWhereNeeded(field: string, delimiter: string): string {
  const isPlain = !field.includes(delimiter) && !/["\r\n]/.test(field);
  return isPlain ? field : `"${field.replaceAll('"', '""')}"`;
}
