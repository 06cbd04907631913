import { Option, type Command } from 'commander';
import { checkToken } from '../../app/tokens';
import type { Check } from '../doctor/check';
import { examine } from '../doctor/examine';
import { exitCodes, type ExitCode, type Io } from '../io';
import type { CommandContext } from './context';

interface DoctorOptions {
  readonly format: 'text' | 'json';
}

const help = `
For use after a deployment: checks everything that the functions need, with the functions' own settings and clients, and says
of each thing that it is ok, or what is missing and which command mends it. It checks the settings, a token for each
service, each workspace and each table that the rules read, the Event Hub, the ledger, the dead letters, and the ingestion
endpoint. It sends no incident and no row; it writes one small blob into each of the two containers.

The settings are those of the environment. It asks as the identity that they name. managedidentity works only in Azure: on
another machine leave out the settings that end in __credential and __clientId, and it asks as whoever is signed in there.

What it cannot see: whether the Functions host may read the Event Hub (the role Azure Event Hubs Data Receiver).

The exit code is 1 if anything is not ok.

Example:
  $ export HUNT_WORKSPACES=11111111-2222-4333-8444-555555555555 HuntLedger=file:.hunt/ledger

  $ hunt doctor
  not ok       settings of hunt
               IncidentHub__fullyQualifiedNamespace is not set. Set it, or set IncidentHub to a connection string of Event Hubs.
  not checked  ingestion
               INGEST_ENDPOINT is not set, so incidents go to the Event Hub and no further
  not checked  Event Hub
               it is not in the settings, or they are wrong
  not checked  ledger
               it is not in the settings, or they are wrong

  1 of 4 are not ok.`;

const shown: Readonly<Record<Check['status'], string>> = { ok: 'ok', 'not-ok': 'not ok', 'not-checked': 'not checked' };
const WIDTH = Math.max(...Object.values(shown).map((text) => text.length)) + 2;

function textOf({ what, status, detail, commands = [] }: Check): string {
  const more = [...(detail === undefined ? [] : [detail]), ...commands.map((command) => `$ ${command}`)];
  return [`${shown[status].padEnd(WIDTH)}${what}`, ...more.map((line) => `${' '.repeat(WIDTH)}${line}`)].join('\n');
}

async function run({ format }: DoctorOptions, io: Io): Promise<ExitCode> {
  const checks = await examine({ environment: io.environment, compiledRules: io.compiledRules, now: io.startedAt, checkToken });
  const wrong = checks.filter(({ status }) => status === 'not-ok').length;
  if (format === 'json') await io.out(`${JSON.stringify(checks, undefined, 2)}\n`);
  else await io.out(`${checks.map(textOf).join('\n')}\n\n${wrong === 0 ? 'All is well' : `${wrong} of ${checks.length} are not ok`}.\n`);
  return wrong === 0 ? exitCodes.done : exitCodes.failed;
}

export function addDoctor(program: Command, { io, exit }: CommandContext): void {
  program
    .command('doctor')
    .description('Says whether the functions can reach what they need, and how to mend it.')
    .addOption(new Option('--format <format>', 'how it is reported').choices(['text', 'json']).default('text'))
    .addHelpText('after', help)
    .action(async (options: DoctorOptions) => {
      exit(await run(options, io));
    });
}
