import { addTicks, formatInstant, instant, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import type { Message } from './messages';
import type { Outcome } from './play';
import { partsOf } from './rules';

interface Said {
  readonly title: string;
  readonly severity: string;
  readonly tactics: string;
  readonly techniques: string;
}

/** What the messages of each rule say of it, by match. A pair that an edge parts has a title that says so and is one step less severe. */
const said: Readonly<Record<string, Said | undefined>> = {
  'pair rule': { title: 'Export and removal', severity: 'High', tactics: 'Collection,Exfiltration', techniques: 'T1114.002' },
  'few rule': { title: 'Few exports', severity: 'Informational', tactics: '', techniques: '' },
  'many rule': { title: 'Removals by several accounts', severity: 'Medium', tactics: 'DefenseEvasion', techniques: 'T1070' },
  'many split-by-bin-edge': {
    title: 'Removals by several accounts (parted by the edge of two bins)',
    severity: 'Low',
    tactics: 'DefenseEvasion',
    techniques: 'T1070',
  },
};

/** What every message says of its rule, its bin, its time and its evidence; whether that evidence is true, judge-truth.ts asks. */
export function judgeMessages(outcome: Outcome): readonly string[] {
  const counts = rowCounts(outcome);
  return [...outcome.world.messages.entries()].flatMap(([, sent]) => {
    const messages = new Set(sent.map(({ message }) => message));
    return [...messages].flatMap((message) => {
      const wrong = [...ofRule(message), ...ofBin(message), ...evidence(message, counts), ...speaker(outcome, message)];
      return wrong.map((what) => `${message.id} revision ${message.revision} ${what}`);
    });
  });
}

function ofRule({ rule, match, id, whole }: Message): readonly string[] {
  const expected = said[`${rule} ${match}`];
  if (expected === undefined) return [`is of the rule ${rule} with the match ${match}`];
  const { title, description, severity, tactics, techniques, schemaVersion, workspaceId, missingEntities } = whole;
  return [
    ...(title === expected.title ? [] : [`has the title ${title}`]),
    ...(description === `${expected.title.replace(/ \(.*/, '')}, simulated.` ? [] : [`has the description ${description}`]),
    ...(severity === expected.severity ? [] : [`has the severity ${severity}`]),
    ...(tactics.join() === expected.tactics && techniques.join() === expected.techniques ? [] : ['has other tactics than its rule']),
    ...(workspaceId === partsOf(id).workspace ? [] : [`is of the workspace ${workspaceId}`]),
    ...(String(schemaVersion) === '1' && missingEntities.length === 0 ? [] : ['is not of the schema']),
  ];
}

/** An id of these rules says when its bin begins and how many minutes it has. */
function ofBin({ id, bin }: Message): readonly string[] {
  const [, , start = '', minutes = ''] = id.split('.');
  const from = instant(`${start.slice(0, 13)}:${start.slice(13)}Z`);
  const to = addTicks(from, BigInt(minutes.slice(0, -1)) * TICKS_PER_MINUTE);
  return bin.start === formatInstant(from) && bin.end === formatInstant(to) ? [] : [`has the bin ${bin.start} to ${bin.end}`];
}

/** An active revision has all of it, in order of time, and as many copies of a row as can be; one that takes back has none. */
function evidence({ status, whole }: Message, counts: ReadonlyMap<string, number>): readonly string[] {
  const { results, rows, resultCount, rowCount, copyCount, cut } = whole.evidence;
  const copies = rows.reduce((sum, row) => sum + row.copies, 0);
  if (results.length !== resultCount || rows.length !== rowCount || copies !== copyCount || cut) return ['counts its evidence wrongly'];
  if ((status === 'active') !== results.length > 0 || (status === 'active') !== rows.length > 0) return ['has no evidence, or too much'];
  const times = rows.map(({ columns }) => BigInt(String(columns['at'])));
  if (times.some((at, index) => at < (times[index - 1] ?? at))) return ['has its rows in another order'];
  const tooMany = rows.some(({ table, columns, copies: of }) => {
    const most = counts.get([whole.workspaceId, table, ...Object.values(columns)].join(' ')) ?? 0;
    return of < 1 || of > most;
  });
  return tooMany ? ['counts more copies of a row than there are'] : [];
}

function rowCounts({ history }: Outcome): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { workspace, table, at, host, account, note } of history.rows) {
    const key = [workspace, table, at, host, account, note].join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Some instance had that plan when it says that it speaks. */
function speaker({ instances }: Outcome, { hash, detectedAt }: Message): readonly string[] {
  const at: Instant = instant(detectedAt);
  const spoke = instances.some(
    ({ plans, startedAt, endedAt }) =>
      startedAt <= at && (endedAt === undefined || at <= endedAt) && plans.some((plan) => plan.hash === hash),
  );
  return spoke ? [] : [`speaks for ${hash} at ${detectedAt}, when no instance had it`];
}
