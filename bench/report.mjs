/** Results for people: one line each, as soon as it is known. */

const COLUMNS = [
  ["workload", 44],
  ["events", -9],
  ["events/s", -10],
  ["min..max", -19],
  ["user µs/event", -13],
  ["found", -10],
  ["checked", -7],
];

let lastKind = null;

export function printRow(row) {
  if (row.kind !== lastKind) process.stdout.write(`\n${HEADS[row.kind] ?? ""}`);
  lastKind = row.kind;
  process.stdout.write(`${LINES[row.kind](row)}\n`);
  if (row.fault !== undefined) process.stdout.write(`  WRONG: ${row.fault}\n`);
}

export function printMachine({ cpu, cores, memoryGiB, node, platform }) {
  process.stdout.write(`\n${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${platform}\n`);
}

const HEADS = { rate: `${line(COLUMNS.map(([name]) => name))}\n` };

const LINES = {
  rate: ({ name, events, perSecond, userMicrosPerEvent, found, checked }) =>
    line([
      name,
      count(events),
      count(perSecond.median),
      `${count(perSecond.min)}..${count(perSecond.max)}`,
      userMicrosPerEvent.median.toFixed(2),
      count(found),
      checked ? "yes" : "NO",
    ]),
  figure: ({ name, figures }) =>
    `${name}: ${figures.map(({ label, value, unit }) => `${label} ${rounded(value)} ${unit}`).join(", ")}`,
  profile: ({ name, functions }) => [`Self time in ${name}:`, ...functions.map(profiled)].join("\n"),
};

function line(cells) {
  return cells
    .map((cell, i) => pad(String(cell), COLUMNS[i][1]))
    .join("  ")
    .trimEnd();
}

/** Negative widths align to the right. */
function pad(text, width) {
  return width < 0 ? text.padStart(-width) : text.padEnd(width);
}

function profiled({ share, name, place }) {
  return `  ${(100 * share).toFixed(1).padStart(5)} %  ${name.padEnd(28)} ${place}`;
}

/** Three figures are all that a noisy machine can tell. */
function rounded(value) {
  return Number(value.toPrecision(3));
}

/** 1234567 as `1 234 567`, which reads the same in every country. */
function count(value) {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, " ");
}
