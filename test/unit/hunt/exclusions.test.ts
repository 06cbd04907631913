import { exclusionsAt, isExcluded } from '../../../src/hunt/exclusions';
import { incidentId } from '../../../src/incident/identity';
import type { IncidentDraft, RawIdentity } from '../../../src/incident/incident';
import type { Exclusion } from '../../../src/rule/exclusion';
import { instant } from '../../../src/value/instant';
import { FakeWorld, fakeProgram, RULE, WORKSPACE } from '../../support/hunt-fakes';

const NOW = instant('2026-03-10T10:00Z');
type Entities = RawIdentity[5];

function draftOf(...entities: Entities): IncidentDraft {
  const identity: RawIdentity = [RULE, WORKSPACE, 'rule', '2026-03-10T09:00:00.0000000Z', 36_000_000_000, entities];
  const bin = { start: instant('2026-03-10T09:00Z'), end: NOW };
  return { id: incidentId(identity), identity, bin, entities: [], missingEntities: [], results: [], rows: [], digest: '' };
}

const draft = draftOf(['Account', [['FullName', 'CONTOSO\\Alice']]], ['Host', [['FullName', 'ex01.contoso.com']]]);

const exclusion = (more: Partial<Exclusion>): Exclusion => ({ rule: RULE, reason: 'a test', expires: null, ...more });
const excludes = (more: Partial<Exclusion>, of = draft): boolean => isExcluded([exclusion(more)], of, NOW);

describe('an exclusion applies', () => {
  it.each([
    ['EX01.contoso.com', true],
    ['ex01', false],
    ['ex01*', true],
    ['*.contoso.com', true],
    ['*01.*.com', true],
    ['ex01.contoso.com*', true],
    ['*ex01.contoso.com*', true],
    ['ex*ex01.contoso.com', false],
    ['ex01.*.contoso.com', false],
    ['ex0?.contoso.com', false],
    ['ex01.contoso.co', false],
    ['e.*', false],
  ])('to the whole raw name of a host: %s is %s', (host, applies) => {
    expect(excludes({ host })).toBe(applies);
  });

  it('to an account by its raw name, ignoring case', () => {
    expect([excludes({ account: '*\\alice' }), excludes({ account: 'alice' })]).toEqual([true, false]);
  });

  it('where both are given, only where both match', () => {
    expect([excludes({ host: 'ex01*', account: '*alice' }), excludes({ host: 'ex02*', account: '*alice' })]).toEqual([true, false]);
  });

  it('where one of several hosts matches, by each identifier that is a name', () => {
    const two = draftOf(['Host', [['HostName', 'ex01']]], ['Host', [['NetBiosName', 'EX02']]], ['Host', [['AzureID', 'ex03']]]);
    expect(['ex01', 'ex02', 'ex03'].map((host) => excludes({ host }, two))).toEqual([true, true, false]);
    expect(excludes({ account: 'bob' }, draftOf(['Account', [['Name', 'Bob']]]))).toBe(true);
    expect(excludes({ account: 'bob' }, draftOf(['Mailbox', [['Name', 'bob']]]))).toBe(false);
  });

  it('to no incident whose rule gave an empty name', () => {
    expect(excludes({ account: 'a*' }, draftOf(['Account', [['FullName', '']]]))).toBe(false);
  });

  it('to incidents of its rule alone', () => {
    expect(excludes({ host: 'ex01*', rule: '33333333-3333-4333-8333-333333333333' })).toBe(false);
  });

  it('until it expires', () => {
    const at = (expires: string): boolean => excludes({ host: 'ex01*', expires });
    expect([at('2026-03-10T10:00:00.0000001Z'), at('2026-03-10T10:00:00.0000000Z')]).toEqual([true, false]);
  });

  it('in time that grows with the text, whatever the pattern', () => {
    const name = 'a'.repeat(20_000);
    expect(excludes({ host: `${'*a'.repeat(2000)}*b` }, draftOf(['Host', [['FullName', name]]]))).toBe(false);
  });
});

describe('a cycle with an exclusion', () => {
  const startAt = instant('2026-03-10T10:00Z');
  const rowOn = (host: string, note = 'export'): { readonly at: string; readonly host: string; readonly note: string } => ({
    at: '2026-03-10T10:05:00Z',
    host,
    note,
  });
  const lab = [exclusion({ host: 'lab*', expires: '2026-03-10T10:30:00.0000000Z' })];

  function worldAt(time: string, ...hosts: readonly string[]): FakeWorld {
    const hunt = new FakeWorld(time);
    hunt.rows.push(...hosts.map((host) => rowOn(host)));
    return hunt;
  }

  const cycle = async (hunt: FakeWorld, exclusions: readonly Exclusion[], more = {}): Promise<Readonly<Record<string, number>>> => {
    const { summary } = await hunt.cycleOfOne({ startAt, excludes: exclusionsAt(exclusions, hunt.clock.now()), ...more });
    return { ...summary.incidents };
  };
  const hosts = (hunt: FakeWorld): readonly string[] =>
    hunt.messages.map(
      ({ id, revision, status }) => `${Object.entries(ids).find(([, each]) => each === id)?.[0] ?? id} ${revision} ${status}`,
    );
  const idOf = (host: string): string =>
    incidentId([RULE, WORKSPACE, 'rule', '2026-03-10T10:00:00.0000000Z', 36_000_000_000, [['Host', [['FullName', host]]]]]);
  const ids: Readonly<Record<string, string>> = { ex01: idOf('ex01'), lab1: idOf('lab1'), lab2: idOf('lab2') };

  it('never sends the excluded id: not when it changes, not when it goes, not when the exclusion is gone', async () => {
    const hunt = worldAt('2026-03-10T10:10Z', 'ex01', 'lab1');
    expect(await cycle(hunt, lab)).toMatchObject({ new: 1, excluded: 1 });

    hunt.rows.push(rowOn('lab1', 'removal'));
    hunt.clock.advanceMinutes(5);
    expect(await cycle(hunt, lab)).toMatchObject({ new: 0, revised: 0, excluded: 0 });

    hunt.clock.advanceMinutes(5);
    hunt.rows.push(rowOn('lab1', 'another'));
    expect(await cycle(hunt, [])).toMatchObject({ new: 0, revised: 0, excluded: 0, withdrawn: 0 });

    hunt.clock.set('2026-03-10T11:20Z');
    const programs = [fakeProgram({ hash: 'plan-2', matches: (notes) => !notes.includes('removal') })];
    expect(await cycle(hunt, [], { programs })).toMatchObject({ new: 0, withdrawn: 0 });
    hunt.clock.set('2026-03-10T11:40Z');
    expect(await cycle(hunt, [])).toMatchObject({ new: 0 });

    expect(hosts(hunt).filter((message) => !message.startsWith('ex01'))).toEqual([]);
  });

  it('takes nothing back that was sent before the exclusion, and goes on revising it', async () => {
    const hunt = worldAt('2026-03-10T10:10Z', 'lab1');
    expect(await cycle(hunt, [])).toMatchObject({ new: 1 });
    hunt.clock.advanceMinutes(5);
    hunt.rows.push(rowOn('lab1', 'removal'));
    expect(await cycle(hunt, lab)).toMatchObject({ excluded: 0, withdrawn: 0, revised: 1 });
    expect(hosts(hunt)).toEqual(['lab1 1 active', 'lab1 2 active']);
  });

  it('sends what is new after the exclusion has expired, and not what it had excluded', async () => {
    const hunt = worldAt('2026-03-10T10:29Z', 'lab1');
    expect(await cycle(hunt, lab)).toMatchObject({ new: 0, excluded: 1 });
    hunt.clock.set('2026-03-10T10:30Z');
    hunt.rows.push(rowOn('lab2'), rowOn('lab1', 'removal'));
    expect(await cycle(hunt, lab)).toMatchObject({ new: 1, excluded: 0 });
    expect(hosts(hunt)).toEqual(['lab2 1 active']);
  });

  it('asks of an incident once, at its first revision', async () => {
    const hunt = worldAt('2026-03-10T10:10Z', 'ex01', 'lab1');
    const asked: string[] = [];
    const excludesLab = (_workspace: string, rule: string, { id }: IncidentDraft): boolean => {
      asked.push(`${rule} ${id}`);
      return id === ids['lab1'];
    };
    for (const note of ['a', 'b', 'c']) {
      await hunt.cycleOfOne({ startAt, excludes: excludesLab });
      hunt.rows.push(rowOn('ex01', note), rowOn('lab1', note));
      hunt.clock.advanceMinutes(5);
    }
    expect(asked.sort()).toEqual([`${RULE} ${ids['ex01']}`, `${RULE} ${ids['lab1']}`].sort());
  });
});
