import fc from 'fast-check';
import { dayFormat } from '../../src/hunt/ledger-format';
import { instant, type Instant } from '../../src/value/instant';
import { fakeProgram, FakeWorld, type FakeMessage, type FakeRow } from '../support/hunt-fakes';
import { guardedPorts, type Guard } from '../support/mortal-ports';

const start = instant('2026-03-10T10:00Z');
const bin10 = '2026-03-10T10:00:00.0000000Z/2026-03-10T11:00:00.0000000Z';

/** Rows of a few hosts, which arrive at any minute of the first quarter of an hour. */
const row: fc.Arbitrary<FakeRow> = fc
  .record({ host: fc.constantFrom('ex01', 'ex02', 'ex03'), note: fc.constantFrom('a', 'b', 'c'), minute: fc.integer({ min: 0, max: 15 }) })
  .map(({ host, note, minute }) => ({
    at: '2026-03-10T10:00Z',
    host,
    note,
    arrives: `2026-03-10T10:${minute.toString().padStart(2, '0')}Z`,
  }));

/** The cycles of an instance: the plan each has, and how long after it the clock moves on. */
const ticks = fc.array(fc.record({ plan: fc.constantFrom(1, 2), minutes: fc.integer({ min: 0, max: 4 }) }), { minLength: 1, maxLength: 4 });

function programOf(plan: number): ReturnType<typeof fakeProgram> {
  return plan === 1 ? fakeProgram() : fakeProgram({ hash: 'plan-2', matches: (notes) => !notes.includes('c') });
}

/** A world whose ledger remembers when the bin was evaluated, write after write. */
function watchedWorld(rows: readonly FakeRow[]): { readonly hunt: FakeWorld; readonly evaluations: readonly Instant[] } {
  const hunt = new FakeWorld('2026-03-10T10:00Z');
  hunt.rows.push(...rows);
  const evaluations: Instant[] = [];
  const write = hunt.ledger.write.bind(hunt.ledger);
  hunt.ledger.write = async (path, body, expected) => {
    const written = await write(path, body, expected);
    const evaluatedAt = written === 'conflict' || !path.includes('2026') ? undefined : dayFormat.parse(body).bins[bin10]?.evaluatedAt;
    if (evaluatedAt !== undefined) evaluations.push(evaluatedAt);
    return written;
  };
  return { hunt, evaluations };
}

function newestOf(messages: readonly FakeMessage[]): ReadonlyMap<string, FakeMessage> {
  const newest = new Map<string, FakeMessage>();
  for (const message of messages) if (message.revision >= (newest.get(message.id)?.revision ?? 0)) newest.set(message.id, message);
  return newest;
}

/** The distinct notes of each host, as one instance alone would find them. */
function expectedNotes(rows: readonly FakeRow[]): readonly string[] {
  const hosts = [...new Set(rows.map(({ host }) => host))];
  const notesOf = (host: string): ReadonlySet<string> => new Set(rows.filter((each) => each.host === host).map(({ note }) => note));
  return hosts.map((host) => [...notesOf(host)].sort().join()).sort();
}

describe('two instances at once, whatever the order of their calls', () => {
  it('give no revision two contents, leave none out, never go back, and end where one instance alone would', async () => {
    const property = fc.asyncProperty(
      fc.array(row, { maxLength: 12 }),
      ticks,
      ticks,
      fc.scheduler(),
      async (rows, one, other, scheduler) => {
        const { hunt, evaluations } = watchedWorld(rows);
        const guard: Guard =
          (method) =>
          async (...args) => {
            await scheduler.schedule(Promise.resolve());
            const result = await method(...args);
            await scheduler.schedule(Promise.resolve());
            return result;
          };
        const ports = guardedPorts(hunt.ports, guard);
        const instance = async (cycles: typeof one): Promise<void> => {
          for (const { plan, minutes } of cycles) {
            await hunt.cycle({ startAt: start, programs: [programOf(plan)] }, ports);
            hunt.clock.advanceMinutes(minutes);
          }
        };
        await scheduler.waitFor(Promise.all([instance(one), instance(other)]));
        hunt.clock.set('2026-03-10T10:50Z');
        await hunt.cycle({ programs: [programOf(1)] });

        const contents = new Map<string, string>();
        for (const message of hunt.messages) {
          const key = `${message.id} ${message.revision}`;
          const text = JSON.stringify(message);
          expect(contents.get(key) ?? text).toBe(text);
          contents.set(key, text);
        }
        const newest = newestOf(hunt.messages);
        for (const [id, { revision }] of newest)
          for (let each = 1; each <= revision; each += 1) expect(contents.has(`${id} ${each}`)).toBe(true);
        const active = [...newest.values()].filter(({ status }) => status === 'active');
        expect(active.map(({ notes }) => notes?.join()).sort()).toEqual(expectedNotes(rows));

        const recorded = Object.entries(hunt.stored('2026-03-10').bins?.[bin10]?.incidents ?? {});
        expect(new Map(recorded.map(([id, { revision }]) => [id, revision]))).toEqual(
          new Map([...newest].map(([id, { revision }]) => [id, revision])),
        );
        expect(recorded.every(([, { pending }]) => pending.length === 0)).toBe(true);
        expect(evaluations).toEqual([...evaluations].sort((left, right) => Number(left - right)));
      },
    );
    await fc.assert(property, { seed: 20260310, numRuns: 300 });
  });
});
