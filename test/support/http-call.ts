/** One HTTP call as the tests write it: `call(url, "POST /v1/rules", { body, type })`. */

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; of whatever shape the test says that it has. */
  readonly json: <T = Record<string, unknown>>() => T;
}

export interface Call {
  readonly body?: string | Buffer | ReadableStream;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The connection broke before the whole answer was there: what became of the request is not known. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

export async function call(base: string, request: string, { body, type, headers = {} }: Call = {}): Promise<Answer> {
  const [method = "", path = ""] = request.split(" ");
  const { answer, text } = await fetched(base + path, {
    method,
    headers: { ...(type !== undefined && { "content-type": type }), ...headers },
    ...(body !== undefined && { body, duplex: "half" }),
  } as RequestInit);
  const json = <T>(): T => JSON.parse(text) as T;
  return { status: answer.status, headers: answer.headers, text, json };
}

/** The same answer, if it is not a refusal. */
export function succeeded(answer: Answer): Answer {
  if (answer.status < 300) return answer;
  throw new Error(`answered ${answer.status}: ${answer.text}`);
}

interface Fetched {
  readonly answer: Response;
  readonly text: string;
}

/** While nobody looked, the server may have closed a connection that was kept: what only reads is asked once more. */
async function fetched(url: string, request: RequestInit): Promise<Fetched> {
  const fetching = fetchedOnce(url, request);
  try {
    return await (request.method === "GET" ? fetching.catch(() => fetchedOnce(url, request)) : fetching);
  } catch (error) {
    throw new NoAnswerError(`${request.method} ${url} got no answer`, { cause: error });
  }
}

async function fetchedOnce(url: string, request: RequestInit): Promise<Fetched> {
  const answer = await fetch(url, request);
  return { answer, text: await answer.text() };
}
