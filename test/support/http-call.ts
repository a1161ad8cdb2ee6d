/** One HTTP call as the tests write it: `call(url, "POST /v1/rules", { body, type })`. */

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; of whatever shape the test says that it has. */
  json<T = Record<string, unknown>>(): T;
}

export interface Call {
  readonly body?: string | Buffer | ReadableStream;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Rejects only when there is no answer. */
export async function call(base: string, request: string, { body, type, headers = {} }: Call = {}): Promise<Answer> {
  const [method = "", path = ""] = request.split(" ");
  const answer = await fetch(base + path, {
    method,
    headers: { ...(type !== undefined && { "content-type": type }), ...headers },
    ...(body !== undefined && { body, duplex: "half" }),
  } as RequestInit);
  const text = await answer.text();
  const json = <T>(): T => JSON.parse(text) as T;
  return { status: answer.status, headers: answer.headers, text, json };
}
