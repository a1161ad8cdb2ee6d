/**
 * Makes `cloudtrail.ndjson` from the data set's records, one JSON object a line, in the order they were delivered:
 *
 *     node examples/make-cloudtrail.mjs RECORDS.ndjson > examples/cloudtrail.ndjson
 *
 * Keeps the fields that the rules under `rules/cloud` read or quote, and drops the rest (user agents, TLS details,
 * answers, most of the request), which is four bytes in five.
 */

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: createReadStream(process.argv[2]), crlfDelay: Infinity })) {
  if (line.trim() !== "") console.log(JSON.stringify(reduced(JSON.parse(line))));
}

function reduced({ eventID, eventTime, eventName, errorCode, sourceIPAddress, userIdentity, requestParameters }) {
  return withoutEmpty({
    eventID,
    eventTime,
    eventName,
    errorCode,
    sourceIPAddress,
    userIdentity: withoutEmpty(picked(userIdentity, ["arn"])),
    requestParameters: withoutEmpty(picked(requestParameters, ["userName", "policyArn", "secretId"])),
  });
}

function picked(object, fields) {
  return Object.fromEntries(fields.map((field) => [field, object?.[field]]));
}

/** Without the fields that are missing; nothing at all when none is left. */
function withoutEmpty(object) {
  const given = Object.entries(object).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
