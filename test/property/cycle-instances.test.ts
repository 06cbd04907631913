import fc from 'fast-check';
import { instant } from '../../src/value/instant';
import { fakeProgram, FakeWorld, WORKSPACE, RULE, type FakeRow } from '../support/hunt-fakes';
import { guardedPorts, type Guard } from '../support/mortal-ports';

const start = instant('2026-03-10T10:00Z');
const bin10 = '2026-03-10T10:00:00.0000000Z/2026-03-10T11:00:00.0000000Z';

/** Rows of a few hosts, which arrive at any minute of the first quarter of an hour. */
const row: fc.Arbitrary<FakeRow> = fc
  .record({ host: fc.constantFrom('ex01', 'ex02', 'ex03'), note: fc.constantFrom('a', 'b', 'c'), minute: fc.integer({ min: 0, max: 15 }) })
  .map(({ host, note, minute }) => ({ at: '2026-03-10T10:00Z', host, note, arrives: `2026-03-10T10:${minute.toString().padStart(2, '0')}Z` }));

/** Each cycle of an instance: the plan it has, and how long after the last one it begins. */
const tick = fc.record({ plan: fc.constantFrom(1, 2), minutes: fc.integer({ min: 0, max: 4 }) });

function programOf(plan: number): ReturnType<typeof fakeProgram> {
  return plan === 1 ? fakeProgram() : fakeProgram({ hash: 'plan-2', matches: (notes) => !notes.includes('c') });
}

describe('two instances at once', () => {
  it('never give a revision two contents, publish what is recorded only, and agree with one instance alone in the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.array(tick, { minLength: 1, maxLength: 4 }), fc.array(tick, { minLength: 1, maxLength: 4 }), fc.scheduler(), async (rows, one, other, scheduler) => {
        const hunt = new FakeWorld('2026-03-10T10:00Z');
        hunt.rows.push(...rows);
        const guard: Guard = (method) => async (...args) => {
          await scheduler.schedule(Promise.resolve());
          const result = await method(...args);
          await scheduler.schedule(Promise.resolve());
          return result;
        };
        const ports = guardedPorts(hunt.ports, guard);
        const instance = async (ticks: typeof one): Promise<void> => {
          for (const { plan, minutes } of ticks) {
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
        const newest = new Map<string, { readonly revision: number; readonly status: string; readonly notes?: readonly string[] }>();
        for (const message of hunt.messages) if (message.revision >= (newest.get(message.id)?.revision ?? 0)) newest.set(message.id, message);
        const found = [...newest.values()].filter(({ status }) => status === 'active').map(({ notes }) => notes?.join());
        const hosts = [...new Set(rows.map(({ host }) => host))];
        const expected = hosts.map((host) => [...new Set(rows.filter((each) => each.host === host).map(({ note }) => note))].sort().join());
        expect(found.sort()).toEqual(expected.sort());

        const recorded = hunt.stored('2026-03-10').bins?.[bin10]?.incidents ?? {};
        expect(Object.entries(recorded).map(([id, { revision, pending }]) => [id, revision, pending])).toEqual(
          expect.arrayContaining([...newest].map(([id, { revision }]) => [id, revision, []])),
        );
        for (const [id, { revision }] of newest) for (let each = 1; each <= revision; each += 1) expect(contents.has(`${id} ${each}`)).toBe(true);
        expect(hunt.ledger.peek(`${WORKSPACE}/${RULE}/head.json`)).toBeDefined();
      }),
      { seed: 20260310, numRuns: 300 },
    );
  });
});
