import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvocationContext, type Timer } from '@azure/functions';
import { Command, CommanderError } from 'commander';
import { Cron } from 'croner';
import '../../functions/hunt';
import type { IncidentMessage } from '../incident/message';
import { registrations, type Registration } from '../local/functions-host';
import { readIncidents, type ReadIncident } from '../local/incident-reader';
import { incidentTable } from '../local/incident-table';
import type { TableRows } from '../local/kql-executor';
import { addTicks, formatInstant, TICKS_PER_MINUTE, type Instant } from '../value/instant';
import { exitCodes, InputError } from './io';
import { startLocalSentinel, type LocalSentinel } from './sentinel';
import { HUB, now, serve, startLocalServers, WORKSPACE } from './local-servers';

/** `npm start`: the whole way on this machine. The function's own handler and the real Azure clients, against local servers with sample rows. */

const say = (text = ''): void => void process.stdout.write(`${text}\n`);

/** A pair that was not there before, as a watched machine would give one. */
function livePair(at: Instant, number: number): TableRows {
  const row = (minutesAgo: bigint, command: string): TableRows[number] => ({
    TimeGenerated: formatInstant(addTicks(at, -minutesAgo * TICKS_PER_MINUTE)),
    EventVendor: 'Microsoft',
    EventProduct: 'Security Events',
    Dvc: 'ex03.contoso.com',
    ActorUsername: `CONTOSO\\watched-${number}`,
    Process: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    CommandLine: `powershell.exe -Command "${command}"`,
  });
  return [
    row(0n, 'New-MailboxExportRequest -Mailbox ceo -FilePath \\\\ex03\\c$\\t.pst'),
    row(0n, 'Remove-MailboxExportRequest -Identity ceo\\MailboxExport'),
  ];
}

/** The function as the app registered it with the host. */
function registered(name: string): Registration {
  const found = registrations.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`the app registered no function ${name}`);
  return found;
}

/** Calls a handler as the Functions host does. Its log goes to `lines`. */
async function invoke(functionName: string, input: unknown, lines: string[]): Promise<void> {
  const logHandler = (_level: string, ...args: unknown[]): void => {
    lines.push(args.map(String).join(' '));
  };
  await registered(functionName).callback(input, new InvocationContext({ functionName, invocationId: String(lines.length), logHandler }));
}

async function tick(lines: string[]): Promise<void> {
  const timer: Timer = {
    isPastDue: false,
    schedule: { adjustForDST: false },
    scheduleStatus: { last: '', next: '', lastUpdated: '' },
  };
  await invoke('hunt', timer, lines);
}

/** Hands what was read from the hub to `ingest-incidents`, which the app registers where INGEST_ENDPOINT is set. */
async function carryOn(read: readonly ReadIncident[], lines: string[]): Promise<void> {
  await import('../../functions/ingest-incidents');
  if (read.length > 0)
    await invoke(
      'ingest-incidents',
      read.map(({ bytes }) => Buffer.from(bytes)),
      lines,
    );
}

async function explain(
  requests: number,
  rows: number,
  incidents: readonly IncidentMessage[],
  file: string,
  { server, alerts }: LocalSentinel,
): Promise<void> {
  say(
    `The cycle asked the workspace ${requests} times, once for each hour not yet covered, and got ${rows} rows that the rule's predicates let through.`,
  );
  say(`It sent ${incidents.length} incidents to the Event Hub. Read back from there:`);
  say();
  say(incidentTable(incidents));
  if (incidents.some(({ match }) => match === 'split-by-bin-edge')) {
    say();
    say(
      'The one from half past to half past is a pair that the end of an hour parts: no match for the rule, so it is reported on its own.',
    );
  }
  say();
  const raised = await alerts();
  const named = raised.filter(({ HostName, AccountName }) => HostName !== '' && AccountName !== '');
  say(
    `The function ingest-incidents put them into Sentinel's table as ${server.rows().length} rows. The analytics rule raises ${raised.length} alerts there, ${named.length} with host and account.`,
  );
  say();
  say(`The messages as JSON:   ${file}`);
  say();
  say('What to try next:');
  say('  npm start -- --watch                  stays up, follows the schedule, and a new pair turns up at each tick');
  say('  npm start -- --servers                the servers alone, for `func start` (docs/deploy.md)');
  say('  npx hunt test rules/tests             runs the tests of the rules');
  say('  npx hunt run rules/host-exporting-mailbox-asim.yaml --table imProcessCreate=FILE.ndjson');
  say('                                        runs the rule over rows of your own');
}

interface StartOptions {
  readonly watch?: boolean;
  readonly servers?: boolean;
}

/** Undefined where there is nothing to start: help was asked for, or an option is unknown; what there is to say was said then. */
function readOptions(args: readonly string[]): StartOptions | undefined {
  const command = new Command('npm start --')
    .description('Runs the whole way on this machine: local servers, sample rows, incidents, and what Sentinel would raise of them.')
    .option('--watch', 'stay up, follow the schedule, and show what each tick finds')
    .option('--servers', 'only keep the local servers up, on the ports of local.settings.sample.json, for `func start`')
    .allowExcessArguments(false)
    .exitOverride()
    .showHelpAfterError('(npm start -- --help says more)');
  try {
    return command.parse(args, { from: 'user' }).opts<StartOptions>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return undefined;
  }
}

/** Resolves when it has ended; the process's exit code says how. */
export async function start(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) return;
  try {
    await (options.servers === true ? serve(say) : run(options.watch === true));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = exitCodes.failed;
  }
}

async function run(watch: boolean): Promise<void> {
  const startedAt = now();
  const folder = join('.hunt', formatInstant(startedAt).replace(/[:.]/g, '-'));
  await mkdir(folder, { recursive: true });
  const sentinel = await startLocalSentinel();
  const { workspace, hub, rows, close } = await startLocalServers().catch(async (error: unknown) => {
    await sentinel.server.close();
    throw error;
  });
  Object.assign(process.env, {
    HUNT_WORKSPACES: WORKSPACE,
    LOG_ANALYTICS_ENDPOINT: workspace.origin,
    IncidentHub: hub.connectionString,
    HuntLedger: `file:${join(folder, 'ledger')}`,
    ...sentinel.settings,
  });
  const seen = new Set<string>();
  const lines: string[] = [];
  const readNew = async (): Promise<readonly IncidentMessage[]> => {
    const position = ({ partition, sequence }: ReadIncident): string => `${partition}/${sequence}`;
    const all = await readIncidents({ connectionString: hub.connectionString, eventHubName: HUB });
    const unseen = all.filter((incident) => !seen.has(position(incident)));
    unseen.forEach((incident) => seen.add(position(incident)));
    await carryOn(unseen, lines);
    return unseen.map(({ body }) => body as IncidentMessage);
  };
  try {
    say('Local servers, on free loopback ports:');
    say(`  a Log Analytics workspace at ${workspace.origin}, with ${rows.length} sample process events of the last hours`);
    say(`  an Event Hub at 127.0.0.1:${hub.port}, and a ledger in ${join(folder, 'ledger')}`);
    say(`  a Logs Ingestion endpoint at ${sentinel.server.origin}, before Sentinel's table of incidents`);
    say();
    say('Running one cycle of the function `hunt`, with the rule "Host Exporting Mailbox and Removing Export" …');
    await tick(lines);
    const first = await readNew();
    const file = join(folder, 'incidents.ndjson');
    await writeFile(file, first.map((incident) => `${JSON.stringify(incident)}\n`).join(''));
    const asked = workspace.requests();
    await explain(
      asked.length,
      asked.reduce((sum, request) => sum + request.rows, 0),
      first,
      file,
      sentinel,
    );
    if (watch) await follow(lines, rows, readNew);
  } finally {
    await close();
    await sentinel.server.close();
    await writeFile(join(folder, 'hunt.log'), lines.map((line) => `${line}\n`).join(''));
  }
}

/** Ticks on the function's own schedule until Ctrl-C, and resolves when the tick under way then has ended. */
async function follow(lines: string[], rows: object[], readNew: () => Promise<readonly IncidentMessage[]>): Promise<void> {
  const trigger = Object.values(registered('hunt').metadata.bindings).find(({ type }) => type === 'timerTrigger');
  const pattern = String(trigger?.['schedule']);
  let ticks = 0;
  let underWay = Promise.resolve();
  const next = async (): Promise<void> => {
    ticks += 1;
    rows.push(...livePair(now(), ticks));
    await tick(lines);
    const incidents = await readNew();
    say(`${formatInstant(now()).slice(0, 19)}Z  tick ${ticks}: ${incidents.length} new messages`);
    if (incidents.length > 0) say(incidentTable(incidents));
  };
  const schedule = new Cron(pattern, { paused: true, protect: true, timezone: 'UTC' }, () => {
    underWay = next().catch((error: unknown) => say(`tick ${ticks} failed: ${String(error)}`));
    return underWay;
  });
  say();
  say(`Watching, on the schedule ${pattern}. The next tick is at ${schedule.nextRun()?.toISOString() ?? 'no time'}; Ctrl-C ends it.`);
  const ended = new Promise<void>((resolve) => process.once('SIGINT', resolve));
  schedule.resume();
  await ended;
  schedule.stop();
  await underWay;
}
