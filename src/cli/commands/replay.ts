import { Option, type Command } from 'commander';
import { openHub, openStore } from '../../app/ports';
import { openTable } from '../../app/table';
import { needs, readLetters, replay, type ReplayResult, type StoredLetter } from '../../ingest/replay';
import { readReplaySettings } from '../../settings';
import { deadLetterContainer } from '../../settings/ledger';
import { formatInstant } from '../../value/instant';
import { exitCodes, InputError, type ExitCode, type Io } from '../io';
import { withSettings } from '../ledger/options';
import { shortInstant } from '../time-text';
import type { CommandContext } from './context';

interface ReplayOptions {
  readonly dryRun: boolean;
  readonly format: 'text' | 'json';
}

const help = `
Dead letters are messages that could not go where they belong: those that the Event Hub refused from the function hunt, and
those that ingest-incidents could not put into the table. Each is kept whole, with the reason, in the container dead-letter.
Correct what the reason names, then replay: letters of hunt go to the Event Hub, letters of ingest-incidents into the table.
A letter is marked as replayed only when it was acknowledged, so nothing is lost if the command is stopped, and running it
again does no harm. A letter that would be refused again stays as it is, with the new reason.

It reads the functions' settings: HuntLedger… always, IncidentHub… where letters of hunt wait, INGEST_… where others do.

The exit code is 1 if a letter could not be replayed. --dry-run sends and marks nothing, and lists what waits.

Example:
  $ export HuntLedger=file:.hunt/ledger

  $ hunt replay --dry-run
  11111111-2222-4333-8444-555555555555/4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87/7aa1f8be-da6b-5ba8-8e8b-ecf47e531474/1.json
    refused by the Event Hub, kept at 2026-03-10T11:00:00Z
    the Event Hub refuses the message for good: larger than the 262144 bytes that the hub takes
    waits

  ingest/999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6.json
    refused by ingest-incidents, kept at 2026-03-10T11:00:00Z
    it is not JSON
    would be refused again: it is not JSON

  2 dead letters: 1 waiting, 1 refused`;

const refusedBy: Readonly<Record<'hunt' | 'ingest-incidents', string>> = {
  hunt: 'refused by the Event Hub',
  'ingest-incidents': 'refused by ingest-incidents',
};

function outcomeText({ outcome, detail = 'no reason' }: ReplayResult, dryRun: boolean): string {
  switch (outcome) {
    case 'replayed':
      return 'replayed';
    case 'waiting':
      return 'waits';
    case 'refused':
      return `${dryRun ? 'would be refused' : 'refused'} again: ${detail}`;
    case 'left':
      return `not replayed: ${detail}`;
    case 'unreadable':
      return `no dead letter of this program: ${detail}`;
  }
}

function textOf(result: ReplayResult, dryRun: boolean): string {
  const { path, letter } = result;
  const about = letter === undefined ? [] : [`${refusedBy[letter.from]}, kept at ${shortInstant(letter.keptAt)}`, letter.reason];
  return [path, ...[...about, outcomeText(result, dryRun)].map((line) => `  ${line}`)].join('\n');
}

function jsonOf({ path, letter, outcome, detail }: ReplayResult): object {
  const about = letter && { from: letter.from, keptAt: formatInstant(letter.keptAt), reason: letter.reason, bytes: letter.body.length };
  return { path, ...about, outcome, ...(detail === undefined ? {} : { detail }) };
}

/** `3 dead letters: 2 replayed, 1 refused`. */
function countsOf(results: readonly ReplayResult[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const parts = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  return results.length === 0 ? 'no dead letters wait' : `${results.length} dead letters: ${parts}`;
}

function selected(letters: readonly StoredLetter[], paths: readonly string[]): readonly StoredLetter[] {
  if (paths.length === 0) return letters;
  const strange = paths.find((path) => !letters.some((letter) => letter.path === path));
  if (strange !== undefined) throw new InputError(`no dead letter ${strange} waits; hunt replay --dry-run lists those that do`);
  return letters.filter(({ path }) => paths.includes(path));
}

async function run(paths: readonly string[], { dryRun, format }: ReplayOptions, io: Io): Promise<ExitCode> {
  const store = await withSettings(() => readReplaySettings(io.environment, { hub: false, table: false }));
  const deadLetters = openStore(store.deadLetters, deadLetterContainer);
  const letters = selected(await readLetters(deadLetters), paths);
  const needed = { hub: !dryRun && needs(letters, 'hunt'), table: !dryRun && needs(letters, 'ingest-incidents') };
  const settings = await withSettings(() => readReplaySettings(io.environment, needed));
  const hub = needed.hub && settings.hub !== undefined ? openHub(settings.hub) : undefined;
  const table = settings.table && openTable(settings.table);
  try {
    const clock = { now: () => io.startedAt };
    const results = await replay(letters, { clock, deadLetters, hub, table }, dryRun);
    if (format === 'json') await io.out(`${JSON.stringify(results.map(jsonOf), undefined, 2)}\n`);
    else await io.out(`${[...results.map((result) => `${textOf(result, dryRun)}\n`), countsOf(results)].join('\n')}\n`);
    return dryRun || results.every(({ outcome }) => outcome === 'replayed') ? exitCodes.done : exitCodes.failed;
  } finally {
    await hub?.close();
  }
}

export function addReplay(program: Command, { io, exit }: CommandContext): void {
  program
    .command('replay')
    .description('Sends dead letters on to where they belong, or lists them.')
    .argument('[path...]', 'only these, as --dry-run lists them; default: all')
    .option('--dry-run', 'send and mark nothing, only list what waits')
    .addOption(new Option('--format <format>', 'how it is reported').choices(['text', 'json']).default('text'))
    .addHelpText('after', help)
    .action(async (paths: readonly string[], options: Partial<ReplayOptions>) => {
      exit(await run(paths, { dryRun: false, format: 'text', ...options }, io));
    });
}
