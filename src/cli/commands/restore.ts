import type { Command } from 'commander';
import { openLedger } from '../../app/ports';
import { restoreLedger, type Restoration } from '../../hunt/restore';
import { readCoverageSettings } from '../../settings';
import { exitCodes, type ExitCode, type Io } from '../io';
import { addLedgerOptions, readScope, recordsOf, withSettings, type LedgerOptions } from '../ledger/options';
import { counted } from '../../value/counted';
import { shortInstant } from '../time-text';
import type { CommandContext } from './context';

interface RestoreOptions extends LedgerOptions {
  readonly dryRun?: boolean;
  readonly startOver?: boolean;
}

const help = `
Reads every blob of the ledger. A damaged one is given back the newest of its versions that can be read: from Blob Storage,
if versioning is on for the account, or from the last versions that a ledger of files keeps. It may run while the function
runs. Nothing is removed: in Blob Storage the damaged text stays as a version.

What was written after that version is lost, and may have been sent. So the hours of a restored day are evaluated again by
the next cycle, and each of their incidents is sent again, under a revision higher than any that can have been sent. An
incident whose rows have gone since then keeps its last revision.

A blob that a newer version of this program wrote is not damaged, and is left as it is: deploy that version again.

The exit code is 1 if a blob is left that cannot be read.

Example:
  $ hunt restore
  restored 11111111-2222-4333-8444-555555555555/4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87/2026-03-10.json: as it was at 2026-03-10T11:20:05Z, 1 later version lost
  to evaluate its hours at once: hunt backfill --from 2026-03-10`;

async function restore(options: RestoreOptions, io: Io): Promise<ExitCode> {
  const settings = await withSettings(() => readCoverageSettings(io.environment));
  const { workspaceIds, rules } = await readScope(settings, options, io);
  const store = openLedger(settings.ledger);
  const { dryRun = false, startOver = false } = options;
  let blobs = 0;
  const restorations: Restoration[] = [];
  for (const workspaceId of workspaceIds) {
    for (const { program } of rules.flatMap((rule) => recordsOf(rule, true))) {
      io.signal.throwIfAborted();
      const report = await restoreLedger({ store, workspaceId, program, startAt: settings.start, now: io.startedAt, dryRun, startOver });
      blobs += report.blobs;
      restorations.push(...report.restorations);
      for (const restoration of report.restorations) await io.out(`${textOf(restoration, dryRun)}\n`);
    }
  }
  if (restorations.length === 0) await io.out(`nothing to restore: all ${blobs} blobs can be read\n`);
  const days = restorations.filter(isDone).flatMap(({ path }) => /\d{4}-\d\d-\d\d(?=\.json$)/.exec(path) ?? []);
  const [first] = days.sort();
  if (first !== undefined && !dryRun)
    io.err(`to evaluate ${days.length === 1 ? 'its' : 'their'} hours at once: hunt backfill --from ${first}\n`);
  return restorations.every(isDone) ? exitCodes.done : exitCodes.failed;
}

function isDone({ kind }: Restoration): boolean {
  return kind === 'restored' || kind === 'begun-anew';
}

function textOf(restoration: Restoration, dryRun: boolean): string {
  const { path, kind } = restoration;
  const would = dryRun ? 'would be ' : '';
  switch (kind) {
    case 'restored': {
      const { version, lost } = restoration;
      const at = shortInstant(version.writtenAt);
      return `${would}restored ${path}: as it was at ${at}, ${counted(lost, 'later version')} lost`;
    }
    case 'begun-anew':
      return `${would}begun anew ${path}: nothing of what it held is known any more`;
    case 'newer-program':
      return `left as it is ${path}: a newer version of this program wrote it; deploy that version again`;
    case 'changed':
      return `left as it is ${path}: another write came in between; run this again`;
    case 'no-version': {
      const kept =
        restoration.versions === 0 ? 'no earlier version is kept' : `none of its ${restoration.versions} earlier versions can be read`;
      return `left as it is ${path}: ${kept}; restore the blob from a backup, or begin it anew with --start-over`;
    }
  }
}

export function addRestore(program: Command, { io, exit }: CommandContext): void {
  const command = program.command('restore').description('Brings damaged blobs of the ledger back to an earlier version.');
  addLedgerOptions(command)
    .option('--dry-run', 'say what would be restored, and write nothing')
    .option('--start-over', 'begin a blob anew of which no version can be read; its hours are evaluated again')
    .addHelpText('after', help)
    .action(async (options: RestoreOptions) => {
      exit(await restore(options, io));
    });
}
