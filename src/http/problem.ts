/** Problems: how every error leaves the process (RFC 9457), and which code has which status. */

import { UserError, type UserErrorDetail } from "../core/errors.ts";

export const PROBLEM_JSON = "application/problem+json";

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint?: string;
  /** Further members: `diagnostics` of a refused rule, the counts of a half-taken request. */
  readonly [member: string]: unknown;
}

/** A UserError that has more to say over HTTP than its message. */
export class RequestError extends UserError {
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    detail: UserErrorDetail,
    { members = {}, headers = {} }: { members?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.members = members;
    this.headers = headers;
  }
}

const STATUS: Readonly<Record<string, number>> = {
  "bad-parameter": 400,
  "bad-cursor": 400,
  "bad-json": 400,
  "bad-encoding": 400,
  "empty-body": 400,
  "bad-request": 400,
  "bad-idempotency-key": 400,
  unauthorized: 401,
  "cross-site": 403,
  "foreign-host": 403,
  "unknown-route": 404,
  "unknown-rule": 404,
  "no-automaton": 404,
  "unknown-version": 404,
  "unknown-stream": 404,
  "unknown-list": 404,
  "unknown-alert": 404,
  "unknown-destination": 404,
  "unknown-delivery": 404,
  "unknown-savepoint": 404,
  "unknown-record": 404,
  "method-not-allowed": 405,
  "request-timeout": 408,
  "not-dead": 409,
  "request-under-way": 409,
  "savepoint-exists": 409,
  "no-checkpoints": 409,
  "savepoint-needed": 409,
  "not-an-event": 409,
  "checkpoint-missing": 409,
  "checkpoint-torn": 409,
  "checkpoint-foreign": 409,
  "foreign-snapshot": 409,
  "document-too-large": 413,
  "unsupported-media-type": 415,
  "unsupported-encoding": 415,
  "bad-body": 422,
  "rule-refused": 422,
  "endpoint-refused": 422,
  "idempotency-key-reused": 422,
  "bad-list-name": 422,
  "bad-savepoint-name": 422,
  "checkpoint-too-large": 422,
  "list-too-large": 422,
  "too-many-lists": 422,
  "engine-behind": 429,
  "headers-too-large": 431,
  internal: 500,
  "not-ready": 503,
  "checkpoint-timeout": 503,
  "too-many-readers": 503,
};

/** A code that no line above names is bad input: the service refuses nothing else. */
const STATUS_OTHERWISE = 400;

export function problemOf(error: UserError): Problem {
  const { code, message, hint } = error;
  return {
    type: `urn:tripline:problem:${code}`,
    title: titleOf(code),
    status: STATUS[code] ?? STATUS_OTHERWISE,
    detail: message,
    code,
    ...(hint !== undefined && { hint }),
    ...(error instanceof RequestError && error.members),
  };
}

/** `unknown-stream` is `Unknown stream`: one title for a code, as the RFC asks. */
function titleOf(code: string): string {
  return code[0]!.toUpperCase() + code.slice(1).replaceAll("-", " ");
}
