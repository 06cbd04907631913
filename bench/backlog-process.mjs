// The processes of backlog.mjs, by role: servers, cycles, loop. Each prints lines of JSON.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [, , sources, name, optionsText] = process.argv;
const options = JSON.parse(optionsText);
const {
  addTicks,
  binsBetween,
  createEventHubSink,
  createFileStore,
  createLogAnalyticsSource,
  createProgram,
  defaultSources,
  formatInstant,
  instant,
  instantFromUnixMilliseconds,
  runCycle,
  startEventHub,
  startLogAnalytics,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
} = await import(pathToFileURL(sources).href);

const RULES = ['4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87', '1a6f998a-b9a4-4030-bd58-6606d66608f9', '2e2fab4b-83dd-4cf8-b2dd-063d0fd15513'];
const HUB = 'incidents';

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const now = () => instantFromUnixMilliseconds(Date.now());
const workspaceIds = Array.from(
  { length: options.workspaces },
  (_, index) => `${String(index + 1).padStart(8, '0')}-0000-4000-8000-000000000000`,
);

async function programs(splitPairs = true) {
  const rules = await Promise.all(RULES.map(async (id) => JSON.parse(await readFile(join('dist', 'rules', `${id}.json`), 'utf8'))));
  return rules.map((rule) => createProgram(rule, defaultSources, rule.companions, { splitPairs }));
}

/** What stands in a row's cell; a pair in one hour of four, and one that the end of an hour parts in another. */
function cellOf(column, at, row, hour) {
  const isPair = hour % 4 === 0 && row < 2;
  const isParted = (hour % 4 === 1 && row === options.rows - 1) || (hour % 4 === 2 && row === 0);
  const verb = isParted ? (row === 0 ? 'Remove' : 'New') : isPair ? (row === 0 ? 'New' : 'Remove') : 'New';
  if (column === 'TimeGenerated' || column === 'Timestamp') return at;
  if (column === 'EventID') return 4688;
  if (/CommandLine$/.test(column)) return `powershell.exe -Command "${verb}-MailboxExportRequest -Mailbox m${row}"`;
  if (/^(Process|FileName|NewProcessName|InitiatingProcessFileName)$/.test(column)) return 'powershell.exe';
  const who = isParted ? `parted${hour - (hour % 4)}` : isPair ? `pair${hour}` : `user${hour}-${row}`;
  return /Account|User/.test(column)
    ? who
    : /Dvc|Device|Computer|Host/.test(column)
      ? `host${row % 7 && !isPair && !isParted ? row % 7 : 0}`
      : '';
}

/** The rows of the range that a query asks for: so many an hour, evenly spread. Nothing else of the query is read. */
function answer(query) {
  const [from = '', to = ''] = [...query.matchAll(/datetime\(([^)]+)\)/g)].map(([, text]) => text);
  const [start, end] = [instant(from), instant(to)];
  const projection = query.split('| project ').at(-1) ?? '';
  const names = projection.split(/, (?=[\w]+(?:=|,|$))/).map((part) => part.trim().split('=')[0]);
  const step = TICKS_PER_HOUR / BigInt(options.rows);
  const rows = [];
  for (let hour = start - (start % TICKS_PER_HOUR); hour < end; hour += TICKS_PER_HOUR) {
    for (let row = 0; row < options.rows; row += 1) {
      const at = hour + BigInt(row) * step;
      if (at < start || at >= end) continue;
      const text = formatInstant(at);
      rows.push(names.map((column) => cellOf(column, text, row, Number(hour / TICKS_PER_HOUR))));
    }
  }
  return { columns: names.map((column) => ({ name: column, type: column === 'EventID' ? 'int' : 'string' })), rows };
}

async function servers() {
  let atOnce = 0;
  let mostAtOnce = 0;
  const execute = async ({ query }) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    await sleep(options.latency);
    atOnce -= 1;
    return answer(query);
  };
  const workspace = await startLogAnalytics({ execute });
  const hub = await startEventHub({ hubName: HUB });
  print({ endpoint: workspace.origin, connectionString: hub.connectionString });
  process.stdin.resume();
  await once(process.stdin, 'end');
  print({ mostAtOnce });
  await hub.close();
  await workspace.close();
}

// The pace of the service is not what is measured.
const source = () => createLogAnalyticsSource({ endpoint: options.endpoint, credential: undefined, timing: { paceRequests: 1_000_000 } });
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024);
const sum = (rules, value) => rules.reduce((total, { summary }) => total + value(summary), 0);

async function cycles() {
  let ledgerWrites = 0;
  const files = createFileStore(join(options.folder, options.ledger));
  const ledger = {
    ...files,
    write: (...args) => {
      ledgerWrites += 1;
      return files.write(...args);
    },
  };
  const sink = createEventHubSink({ connectionString: options.connectionString, eventHubName: HUB });
  const after = (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  };
  const ports = { clock: { now }, after, source: source(), sink, ledger, deadLetters: files };
  const rules = [];
  const startAt = addTicks(now(), BigInt(-options.hours) * TICKS_PER_HOUR);
  const wanted = { workspaceIds, programs: await programs(options.splitPairs), startAt };
  const began = performance.now();
  let cycle = 0;
  for (let left = 1; left > 0;) {
    const report = await runCycle(ports, { ...wanted, deadline: addTicks(now(), 200n * (TICKS_PER_DAY / 86_400n)) });
    if (report.failure !== undefined) throw new Error(report.failure);
    rules.push(...report.rules);
    left = sum(report.rules, ({ bins }) => bins.left);
    cycle += 1;
  }
  const seconds = Number(((performance.now() - began) / 1000).toFixed(1));
  await sink.close();
  print({
    seconds,
    cycles: cycle,
    requests: sum(rules, ({ requests }) => requests),
    rows: sum(rules, (summary) => summary.rows),
    bins: sum(rules, ({ bins }) => bins.done),
    incidents: sum(rules, ({ incidents }) => incidents.new),
    ledgerWrites,
    peakMb: peakMb(),
  });
}

async function loop() {
  const client = source();
  const end = now();
  const start = addTicks(end, BigInt(-options.hours) * TICKS_PER_HOUR);
  const began = performance.now();
  const counts = { requests: 0, rows: 0, bins: 0, incidents: 0 };
  for (const workspaceId of workspaceIds) {
    for (const program of await programs()) {
      for (const bin of binsBetween(program.grid, start, end)) {
        const rows = new Map();
        for (const table of program.tables) {
          const timespan = { start: addTicks(bin.start, -TICKS_PER_DAY), end: addTicks(bin.end, TICKS_PER_DAY) };
          const pulled = await client.pull({ workspaceId, query: program.query(table, bin), timespan });
          if (pulled.kind !== 'whole') throw new Error(pulled.reason);
          const decoded = program.decode(table, pulled.table);
          if (decoded.kind !== 'rows') throw new Error(decoded.problem);
          rows.set(table, decoded.rows);
          counts.requests += pulled.requests;
          counts.rows += decoded.rows.length;
        }
        counts.incidents += program.draft({ workspaceId, bin, rows, now: end }).length;
        counts.bins += 1;
      }
    }
  }
  print({ seconds: Number(((performance.now() - began) / 1000).toFixed(1)), ...counts, peakMb: peakMb() });
}

await { servers, cycles, loop }[name]();
if (name !== 'servers') process.exit(0);
