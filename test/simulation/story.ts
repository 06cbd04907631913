import { formatInstant, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import type { Command, Condition, History, HistoryRow, Run, Tick } from './history';

/** A history for people: what happens in it, a line each, in order of time. Rows are told of when they arrive. */
export function story(history: History): string {
  const { start, end, startAt, rows, ticks, conditions, deployments } = history;
  const events: (readonly [at: Instant, what: string])[] = [
    [start, 'the history begins'],
    ...(startAt === undefined ? [] : [[startAt, 'what HUNT_START says'] as const]),
    ...rows.map((row) => [row.arrives, rowText(row)] as const),
    ...ticks.map((tick) => [tick.at, tickText(tick)] as const),
    ...conditions.flatMap(conditionEvents),
    ...deployments.map(
      (each) => [each.at, 'plan' in each ? `${each.plan} is deployed` : `split pairs are turned ${each.splitPairs}`] as const,
    ),
    ...history.commands.map((command) => [command.at, commandText(command)] as const),
    [end, 'the history ends; what follows are the ticks until all is audited'],
  ];
  return events
    .sort(([left], [right]) => Number(left - right))
    .map(([at, what]) => `  ${minute(at)}  ${what}`)
    .join('\n');
}

function commandText(command: Command): string {
  if (command.kind === 'damage') return 'a blob of the ledger is damaged';
  const beside = command.beside.map((run) => `; beside it ${runText(run)}`).join('');
  const [what, run] = [
    command.kind === 'backfill'
      ? `backfill of ${minute(command.from)} to ${minute(command.to)}`
      : `restore, without the ${command.forgotten} newest versions`,
    runText(command.run).replace('a cycle', ''),
  ];
  return `${what}${run}${beside}`;
}

function minute(at: Instant): string {
  const text = formatInstant(at);
  return text.endsWith(':00.0000000Z') ? text.slice(0, 16).replace('T', ' ') : text.replace('T', ' ').replace(/\.?0*Z$/, '');
}

function rowText({ workspace, table, at, arrives, host, account, note }: HistoryRow): string {
  const lateness = (arrives - at) / TICKS_PER_MINUTE;
  const late = lateness < 2n ? '' : `, ${lateness < 180n ? `${lateness} min` : `${lateness / 60n} h`} late`;
  return `row of ${table} in ${workspace}: ${host}, ${account}, ${note}, of ${minute(at)}${late}`;
}

function tickText({ fate, runs }: Tick): string {
  return `tick, ${fate}${runs.map((run) => `: ${runText(run)}`).join('')}`;
}

function runText({ skew, budget, faults, death, hold, abort }: Run): string {
  const parts = [
    ...faults.map(({ on, kind, call }) => `${on} ${call}: ${kind}`),
    ...(death === undefined ? [] : [`dies ${death.side} ${death.on ?? 'call'} ${death.call}`]),
    ...(hold === undefined ? [] : [`stands still before call ${hold.call} for ${hold.minutes} min`]),
    ...(abort === undefined ? [] : [`ended by the host at call ${abort}`]),
    ...(skew === undefined ? [] : [`whose clock is ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}`]),
    ...(budget === undefined ? [] : [`has ${budget} s`]),
  ];
  return parts.length === 0 ? 'a cycle to which nothing happens' : `a cycle; ${parts.join('; ')}`;
}

function conditionEvents(condition: Condition): readonly (readonly [at: Instant, what: string])[] {
  const { kind, from, ...details } = condition;
  const to = 'to' in details ? details.to : undefined;
  const said = Object.entries(details)
    .filter(([name, value]) => name !== 'to' && value !== undefined)
    .map(([name, value]: [string, unknown]) => `${name} ${typeof value === 'bigint' ? minute(value as Instant) : String(value)}`);
  const what = [kind, ...said].join(', ');
  return [[from, `begins: ${what}`], ...(to === undefined ? [] : [[to, `is over: ${what}`] as const])];
}
