import { addTicks, parseInstant, type Instant, type TimeRange } from '../../value/instant';
import { badArgument, type Reply } from './reply';

export interface QueryRequest {
  readonly workspaceId: string;
  readonly query: string;
  readonly timespan?: TimeRange;
}

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Ticks of an ISO 8601 duration of days and parts of a day: P1D, PT30M, P1DT12H. */
function durationTicks(text: string): bigint | undefined {
  const match = DURATION.exec(text);
  if (match === null || /[PT]$/.test(text)) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = [1, 2, 3, 4].map((index) => Number(match[index] ?? 0));
  return BigInt(Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 10_000_000));
}

/** The four forms: PT1H (up to now), start/end, start/PT1H, PT1H/end. Undefined for anything else. */
export function parseTimespanText(text: string, now: Instant): TimeRange | undefined {
  const [first = '', second, ...more] = text.split('/');
  if (more.length > 0) return undefined;
  const start = parseInstant(first);
  const end = second === undefined ? now : parseInstant(second);
  const before = durationTicks(first);
  const after = second === undefined ? undefined : durationTicks(second);
  if (start !== undefined && end !== undefined) return second === undefined ? undefined : { start, end };
  if (start !== undefined && after !== undefined) return { start, end: addTicks(start, after) };
  if (before !== undefined && end !== undefined) return { start: addTicks(end, -before), end };
  return undefined;
}

/** The body of a query request, or the service's answer to one that it cannot read. */
export function readQuery(workspaceId: string, body: string, now: Instant): QueryRequest | Reply {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return badArgument('MalformedJsonError', 'The request body is not JSON.');
  }
  const { query, timespan } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as {
    readonly query?: unknown;
    readonly timespan?: unknown;
  };
  if (typeof query !== 'string') return badArgument('MissingQueryError', 'The request body has no query.');
  if (timespan === undefined || timespan === null) return { workspaceId, query };
  const range = typeof timespan === 'string' ? parseTimespanText(timespan, now) : undefined;
  return range === undefined
    ? badArgument('InvalidTimespanError', 'The timespan is not ISO 8601.')
    : { workspaceId, query, timespan: range };
}
