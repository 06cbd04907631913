import { readFileSync } from 'node:fs';
import { runRuleTest } from '../../../src/cli/rule-test';
import { sampleRows, type SampleRow } from '../../../src/local/sample-rows';
import { builtInSchemas } from '../../../src/schema/built-in';
import { addTicks, formatInstant, instant, TICKS_PER_HOUR, TICKS_PER_MINUTE } from '../../../src/value/instant';

const now = instant('2026-03-10T12:34:56.7890123Z');

const SIDS = 'S-1-5-21-1004336348-1177238915-682003330-';

const host = (HostName: string, FullName: string): object => ({ $id: '1', Type: 'host', HostName, DnsDomain: 'contoso.com', FullName });
const account = (Name: string, NTDomain: string, FullName: string, rid?: number): object => ({
  $id: '2',
  Type: 'account',
  Name,
  NTDomain,
  ...(rid === undefined ? {} : { Sid: `${SIDS}${rid}` }),
  FullName,
});

/** What differs between the incidents a shipped rule makes of rows, and these, [start of the bin, entities] each. */
function differences(
  rule: string,
  table: string,
  rows: readonly SampleRow[],
  expected: readonly (readonly [string, object, object])[],
): Promise<readonly string[]> {
  const incidents = expected.map(([start, ...entities]) => ({
    bin: {
      start: `2026-03-10T${start}:00.0000000Z`,
      end: formatInstant(addTicks(instant(`2026-03-10T${start}Z`), TICKS_PER_HOUR)),
    },
    entities,
  }));
  const test = JSON.stringify({ rule, now: formatInstant(now), tables: { [table]: { rows } }, expect: { incidents } });
  return runRuleTest(test, new Map(Object.entries(builtInSchemas)), (path) => Promise.resolve(readFileSync(`rules/${path}`, 'utf8')));
}

describe('the sample rows', () => {
  it('are the same for every instant of an hour, and move with it', () => {
    const first = sampleRows(instant('2026-03-10T12:00:00Z'));
    expect(sampleRows(instant('2026-03-10T12:59:59.9999999Z'))).toEqual(first);
    const later = sampleRows(instant('2026-03-11T00:30:00Z'));
    const shift = ({ TimeGenerated, ...row }: SampleRow): SampleRow => ({
      ...row,
      TimeGenerated: formatInstant(addTicks(instant(String(TimeGenerated)), 12n * TICKS_PER_HOUR)),
    });
    expect(later.imProcessCreate).toEqual(first.imProcessCreate.map(shift));
  });

  it('are in the four whole hours before now, in order of time', () => {
    const times = sampleRows(now).imProcessCreate.map(({ TimeGenerated }) => String(TimeGenerated));
    expect(times).toEqual(times.toSorted());
    expect([times[0]?.slice(0, 13), times.at(-1)?.slice(0, 13)]).toEqual(['2026-03-10T08', '2026-03-10T11']);
    expect(times.length).toBeGreaterThan(500);
  });

  it('use only columns that their tables have, and the types of those', () => {
    for (const [table, rows] of Object.entries(sampleRows(now))) {
      const types = new Map(builtInSchemas[table]?.columns.map(({ name, type }) => [name, type]));
      for (const row of rows as readonly SampleRow[]) {
        for (const [name, cell] of Object.entries(row)) {
          expect({ name, type: typeof cell }).toEqual({
            name,
            type: ['int', 'long'].includes(types.get(name) ?? '') ? 'number' : types.has(name) && 'string',
          });
        }
      }
    }
  });

  it('make the incidents of the ASIM rule that their description says, and no others', async () => {
    const { imProcessCreate } = sampleRows(now);
    const alice = account('alice', 'CONTOSO', 'CONTOSO\\alice', 1104);
    expect(
      await differences('host-exporting-mailbox-asim.yaml', 'imProcessCreate', imProcessCreate, [
        ['08:00', host('ex01', 'ex01'), alice],
        ['09:00', host('ex02', 'ex02.contoso.com'), account('svc-backup', 'CONTOSO', 'CONTOSO\\svc-backup', 1110)],
        ['10:00', host('ex03', 'ex03.contoso.com'), account('bob', 'CONTOSO', 'CONTOSO\\bob')],
        ['11:00', host('ex01', 'ex01'), alice],
      ]),
    ).toEqual([]);
  });

  it('have one more pair, which the edge of an hour parts', async () => {
    const shifted = sampleRows(now).imProcessCreate.map((row): SampleRow => ({
      ...row,
      TimeGenerated: formatInstant(addTicks(instant(String(row['TimeGenerated'])), 30n * TICKS_PER_MINUTE)),
    }));
    const carols = shifted.filter((row) => row['ActorUsername'] === 'CONTOSO\\carol');
    const carol = account('carol', 'CONTOSO', 'CONTOSO\\carol', 1106);
    expect(
      await differences('host-exporting-mailbox-asim.yaml', 'imProcessCreate', carols, [
        ['10:00', host('ex02', 'ex02.contoso.com'), carol],
      ]),
    ).toEqual([]);
  });

  it('make the incidents of the Defender and the SecurityEvent rule that their description says', async () => {
    const { DeviceProcessEvents, SecurityEvent } = sampleRows(now);
    const alice = account('alice', 'contoso', 'alice', 1104);
    const ex01 = host('ex01', 'ex01.contoso.com');
    expect(
      await differences('host-exporting-mailbox-defender.yaml', 'DeviceProcessEvents', DeviceProcessEvents, [
        ['08:00', ex01, alice],
        ['11:00', ex01, alice],
      ]),
    ).toEqual([]);
    expect(
      await differences('host-exporting-mailbox-securityevent.yaml', 'SecurityEvent', SecurityEvent, [
        ['09:00', host('ex02', 'ex02.contoso.com'), account('svc-backup', 'CONTOSO', 'svc-backup', 1110)],
      ]),
    ).toEqual([]);
  });
});
