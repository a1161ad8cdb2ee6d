// Writes down what an installation of some version leaves behind, for test/upgrade: its database, its checkpoint folder, an
// exported savepoint, and the alerts that it finds when it goes on.
//
//   npm run build && node scripts/write-installation.mjs CLONE FOLDER
//
// CLONE is a clone of that version, built; FOLDER is made, below test/vectors/installations. It is written once, and never edited.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { startEmbeddedPostgres } from "../dist/app/embedded-postgres.js";

const RULES = `
stream s { time at  id id  dedupe 1h  watermark bounded 5s  idle off }
stream r { time at  late drop  idle off }

rule pair { from s  key by k  pattern { begin a where t == "a"  followedBy b where t == "b"  within 30s }  suppress 10s  deliver desk }
rule absent { from s, r  key by k  pattern { begin a where t == "a"  notFollowedBy b where t == "b"  within 20s } }
rule held {
  from s  key by k
  pattern {
    begin a where t == "a" oneOrMore  followedBy b where t == "b" optional  followedBy c where t == "c"
    within 40s  skip pastLastEvent
  }
  on timeout emit { n = count(a) }
}
rule listed { from r  pattern { begin x where k in list("watched")  followedByAny y where t == x.t  within 15s } }
rule sliding {
  from s  key by k
  window { sliding 30s every 10s  having count() > 1 }
  emit { n = count(), users = count_distinct(id), p = percentile(v, 90), mean = avg(v) }
}
rule sessions { from r  key by t  window { session gap 8s  allow lateness 5s } emit { n = count(), sum = sum(v) } }
rule counted { from s  key by t  window { global  trigger every 5 events  evict keep last 3 events } emit { n = count(), last = last(id) } }`;

const PARTS = 5;
const EVENTS = 25;

const [clone, folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("node scripts/write-installation.mjs CLONE FOLDER\n");
  process.exit(2);
}

const running = new Set();
const work = await mkdtemp(path.join(tmpdir(), "tripline-installation-"));
const postgres = await startEmbeddedPostgres({ dataDir: path.join(work, "data") });
try {
  const parts = Array.from({ length: PARTS }, (_, part) => eventsOf(part));
  await mkdir(path.join(folder), { recursive: true });

  const checkpoints = path.join(work, "checkpoints");
  const first = await start({ TRIPLINE_CHECKPOINT_FOLDER: checkpoints });
  await first.send("PUT", "lists/watched", ["1", "2"]);
  await first.send("PUT", "destinations/pager", { url: "https://example.com/hook" });
  await first.call("POST", "rules", { body: RULES, type: "text/plain" });
  await first.postEvents(parts[0], { "idempotency-key": "first" });
  await first.send("POST", "savepoints", { name: "moving" });
  const file = await first.call("GET", "savepoints/moving/export");
  await writeFile(path.join(folder, "moving.savepoint"), Buffer.from(await file.arrayBuffer()));
  const atSavepoint = (await first.alerts()).length;
  await first.postEvents(parts[1]);
  await first.call("POST", "checkpoints");
  await first.postEvents(parts[2]);
  await first.stop();
  await cp(checkpoints, path.join(folder, "checkpoints"), { recursive: true });

  const second = await start({});
  await second.call("POST", "checkpoints");
  await second.postEvents(parts[3]);
  await second.stop();
  await writeJson("database.json", await dump());

  const third = await start({});
  await third.postEvents(parts[4]);
  for (const stream of ["s", "r"]) await third.send("POST", `streams/${stream}/watermark`, { time: "end" });
  const expected = {
    atSavepoint,
    behindSavepoint: parts.slice(1, 4).flat(),
    rest: parts[4],
    alerts: await third.alerts(),
  };
  await third.stop();
  await writeJson("expected.json", expected);
  process.stdout.write(
    `${(await readdir(folder)).join(" ")}: ${expected.alerts.length} alerts, ${atSavepoint} at the savepoint\n`,
  );
} finally {
  for (const service of running) await service.stop(); // where something failed
  await postgres.stop();
  await rm(work, { recursive: true });
}

/** The same in each run. Each names its stream; some are late, some come twice. */
function eventsOf(part) {
  let state = part + 1;
  const below = (n) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const events = [];
  for (let i = 0; i < EVENTS; i++) {
    const second = (part * EVENTS + i) * 2 - below(8);
    const at = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
    const event = {
      stream: below(3) === 0 ? "r" : "s",
      at,
      id: `${part}-${i}`,
      k: String(below(4)),
      t: "abc"[below(3)],
      v: below(100),
    };
    events.push(event);
    if (event.stream === "s" && below(10) === 0) events.push(event);
  }
  return events;
}

async function start(env) {
  const command = [path.join(clone, "bin", "tripline"), "serve", "--port", "0", "--rules", path.join(work, "none")];
  const child = spawn(process.execPath, command, {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: postgres.url,
      TRIPLINE_CHECKPOINT_INTERVAL: "off",
      TRIPLINE_CHECKPOINT_ON_SHUTDOWN: "false",
      LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const service = {
    async stop() {
      child.kill("SIGTERM");
      await ended;
      running.delete(service);
    },
  };
  running.add(service);
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      const found = /ready at (\S+) /.exec(said);
      if (found !== null) resolve(found[1]);
    });
    void ended.then((code) => reject(new Error(`the service ended with ${code}`)));
  });
  return Object.assign(service, client(url));
}

function client(url) {
  const call = async (method, what, { body, type, headers = {} } = {}) => {
    const request = { method, headers: { ...(type === undefined ? {} : { "content-type": type }), ...headers } };
    const answer = await fetch(`${url}/v1/${what}`, body === undefined ? request : { ...request, body });
    if (answer.ok) return answer;
    throw new Error(`${method} ${what}: ${answer.status} ${await answer.text()}`);
  };
  const settled = async () => {
    for (;;) {
      const { logEnd, processed } = await (await call("GET", "status")).json();
      if (processed === logEnd) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    call,
    /** As JSON. */
    send: (method, what, value) => call(method, what, { body: JSON.stringify(value), type: "application/json" }),
    async postEvents(events, headers) {
      const body = events.map((event) => JSON.stringify(event)).join("\n");
      await call("POST", "events", { body, type: "application/x-ndjson", headers });
      await settled();
    },
    async alerts() {
      await settled();
      const { items, nextCursor } = await (await call("GET", "alerts?limit=1000")).json();
      if (nextCursor !== null) throw new Error("there are more alerts than on one page: fewer will do");
      return items.reverse().map(({ id, rule, kind }) => `${rule} ${kind} ${id}`);
    },
  };
}

async function writeJson(name, value) {
  await writeFile(path.join(folder, name), `${asLines(value)}\n`);
}

/** JSON with a line for each entry of a list. */
function asLines(value) {
  if (Array.isArray(value)) return `[\n${value.map((entry) => JSON.stringify(entry)).join(",\n")}\n]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${asLines(member)}`);
  return `{\n${members.join(",\n")}\n}`;
}

/** Rows as Postgres writes them in JSON, by table, and the migrations that its schema is of. */
async function dump() {
  const database = new pg.Client(postgres.url);
  await database.connect();
  const query = async (text) => (await database.query(text)).rows;
  const names = (await query("select name from tripline.migrations order by id")).map(({ name }) => name);
  const tables = {};
  for (const { table } of await query(
    "select table_name as table from information_schema.tables where table_schema = 'tripline' and table_name <> 'migrations' order by 1",
  )) {
    tables[table] = (await query(`select to_jsonb(t) as row from tripline.${table} t order by 1`)).map(
      ({ row }) => row,
    );
  }
  await database.end();
  return { migrations: names, tables };
}
