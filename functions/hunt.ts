import { fileURLToPath } from 'node:url';
import { app, type InvocationContext, type Timer } from '@azure/functions';
import { defaultSchedule, parseSchedule } from '../src/settings/schedule';

/** No bin is begun later than this after the start of an invocation; host.json's functionTimeout leaves room behind END_MS. */
export const BEGIN_MS = 200_000;
/** Pulls under way are ended this long after the start, so that what was evaluated is still published and recorded. */
export const END_MS = 240_000;
/** A ledger or hub that still does not answer this long after the start is left to the next cycle; closing takes seconds more. */
export const STOP_MS = 275_000;

/**
 * One cycle. Rejects where the invocation fails: a setting is wrong, the ledger or the hub cannot be reached, or everything that was due failed.
 */
export async function hunt(timer: Timer, context: InvocationContext): Promise<void> {
  // Loaded with the first invocation, so that the host has the function's description at once.
  const [{ runHunt }, { logOf, systemClock }] = await Promise.all([import('../src/app'), import('../src/app/invocation')]);
  if (timer.isPastDue) context.info('The timer is late; the ledger decides what is due, so nothing is missed.');
  await runHunt({
    environment: process.env,
    rulesFolder: fileURLToPath(new URL('../rules/', import.meta.url)),
    log: logOf(context),
    clock: systemClock,
    beginMs: BEGIN_MS,
    endMs: END_MS,
    stopMs: STOP_MS,
  });
}

/** The default if the setting is malformed: each invocation then says so and fails. To fail here would take the app's other function down too. */
function schedule(): string {
  const parsed = parseSchedule(process.env['HUNT_SCHEDULE'] ?? '');
  return 'value' in parsed ? parsed.value : defaultSchedule;
}

// The host cannot resolve a %HUNT_SCHEDULE% that is not set, so it is read here.
app.timer('hunt', { schedule: schedule(), useMonitor: true, handler: hunt });
