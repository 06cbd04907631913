import { UNREADABLE } from '../../hunt/bin-states';
import type { LaneCoverage } from '../../hunt/read-coverage';
import { textTable, type TextColumn } from '../../local/text-table';
import { compareInstants, formatInstant, type Instant, type TimeRange } from '../../value/instant';
import { counted } from '../../value/counted';
import { shortInstant } from '../time-text';
import { runsOf, type Run } from './runs';

/** A workspace and rule: what its ledger covers, and its hours in runs that stand alike. */
export function renderLane(lane: LaneCoverage, ruleName: string): string {
  const { workspaceId, program, bins, problems } = lane;
  const facts = [`workspace ${workspaceId}`, `rule ${program.id} ${ruleName}`, coveredText(lane), ...problems];
  if (bins.length === 0) return facts.join('\n');
  const table = textTable(columns, runsOf(bins));
  return [...facts, table.replace(/^/gm, '  ')].join('\n');
}

function coveredText({ coverage, problems, pending }: LaneCoverage): string {
  if (coverage === undefined) return problems.length > 0 ? 'what it covers is not known' : 'no cycle has begun yet';
  const { start, settledThrough, backfilled } = coverage;
  return [
    `covered from ${shortInstant(start)}`,
    ...(settledThrough === undefined ? [] : [`settled through ${shortInstant(settledThrough)}`]),
    ...backfilled.map((range) => `backfilled ${rangeText(range)}`),
    ...(pending === 0 ? [] : [`${counted(pending, 'message waits', 'messages wait')} for the hub`]),
  ].join(', ');
}

function rangeText({ start, end }: TimeRange): string {
  return `${shortInstant(start)} to ${shortInstant(end)}`;
}

const columns: readonly TextColumn<Run>[] = [
  { title: 'From (UTC)', text: ({ start }) => minute(start) },
  { title: 'To', text: ({ end }) => minute(end) },
  { title: 'Bins', text: ({ bins }) => String(bins.length), align: 'right' },
  { title: 'State', text: stateText },
];

/** `2026-03-10 10:00`: a bin begins and ends with a minute. */
function minute(instant: Instant): string {
  return formatInstant(instant).slice(0, 16).replace('T', ' ');
}

function stateText({ state, code, bins }: Run): string {
  if (state !== 'failing') return state;
  if (code === UNREADABLE) return 'failing: the record cannot be read';
  const tries = bins.flatMap(({ failure }) => failure?.tries ?? []);
  const count = tries.reduce((most, each) => Math.max(most, each.count), 0);
  const [since] = tries.map((each) => each.since).sort(compareInstants);
  const [next] = tries.map((each) => each.nextTry).sort(compareInstants);
  const times = `tried ${bins.length === 1 ? '' : 'up to '}${counted(count, 'time')}`;
  return `failing: ${code ?? ''}, ${times} since ${textOf(since)}, next try ${textOf(next)}`;
}

function textOf(instant: Instant | undefined): string {
  return instant === undefined ? '' : minute(instant);
}
