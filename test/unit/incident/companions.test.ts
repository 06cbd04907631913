import type { SourceRow } from '../../../src/engine/rows';
import { companionIdentifiers } from '../../../src/incident/companions';
import { sourceTables } from '../../../src/incident/source-table';
import { companions, mailboxRule, processEvent, type ProcessEvent } from '../../support/mailbox-rule';

const tables = sourceTables(mailboxRule.plan.tables);
const TIME = '2026-03-10T10:05:00Z';
const SID = 'S-1-5-21-1-2-3-1104';

function alice(evidence: ProcessEvent['evidence'] = {}): SourceRow {
  return processEvent({ time: TIME, evidence });
}

function sidOf(
  rows: readonly (readonly [SourceRow, readonly number[]])[],
  scans: readonly number[] = [0],
  value = 'CONTOSO\\alice',
): unknown {
  const lineage = new Map(rows.map(([row, through]) => [row, new Set(through)]));
  const origins = scans.map((scan) => ({ scan, table: 'imProcessCreate', column: 'ActorUsername' }));
  return companionIdentifiers(value, origins, lineage, tables, companions);
}

const withSid = { ActorUserId: SID, ActorUserIdType: 'SID' };

describe('companionIdentifiers', () => {
  it('gives what all rows with the value agree on', () => {
    expect(
      sidOf([
        [alice(withSid), [0]],
        [alice(withSid), [0]],
      ]),
    ).toStrictEqual({ Sid: SID });
  });

  it('gives nothing where one of them lacks it', () => {
    expect(
      sidOf([
        [alice(withSid), [0]],
        [alice(), [0]],
      ]),
    ).toStrictEqual({});
  });

  it('gives nothing where two of them differ', () => {
    expect(
      sidOf([
        [alice(withSid), [0]],
        [alice({ ...withSid, ActorUserId: 'S-1-5-21-9' }), [0]],
      ]),
    ).toStrictEqual({});
  });

  it('gives nothing where the condition does not hold', () => {
    expect(sidOf([[alice({ ...withSid, ActorUserIdType: 'AADID' }), [0]]])).toStrictEqual({});
  });

  it.each(['-', 'S-1-0-0'])('takes %s for nobody', (nobody) => {
    expect(sidOf([[alice({ ...withSid, ActorUserId: nobody }), [0]]])).toStrictEqual({});
  });

  it('does not ask rows of another value, nor of another scan', () => {
    const bob = processEvent({ time: TIME, account: 'CONTOSO\\bob', evidence: { ...withSid, ActorUserId: 'S-1-5-21-9' } });
    expect(
      sidOf([
        [alice(withSid), [0]],
        [bob, [0]],
        [alice(), [1]],
      ]),
    ).toStrictEqual({ Sid: SID });
  });

  it('asks the rows of every scan the value comes from', () => {
    expect(
      sidOf(
        [
          [alice(withSid), [0]],
          [alice(), [1]],
        ],
        [0, 1],
      ),
    ).toStrictEqual({});
    expect(
      sidOf(
        [
          [alice(withSid), [0]],
          [alice(withSid), [1]],
        ],
        [0, 1],
      ),
    ).toStrictEqual({ Sid: SID });
  });

  it('gives nothing for a value that is carried from no column', () => {
    expect(sidOf([[alice(withSid), [0]]], [])).toStrictEqual({});
  });

  it('takes the first companion of an identifier that has a value, row by row', () => {
    const both = {
      imProcessCreate: {
        Dvc: [
          { column: 'DvcDomain', identifier: 'DnsDomain', when: { column: 'DvcDomainType', equals: 'FQDN' } },
          { column: 'TargetProcessId', identifier: 'DnsDomain' },
        ],
      },
    };
    const rows = [
      processEvent({ time: TIME, host: 'ex01', evidence: { DvcDomain: 'contoso.com', DvcDomainType: 'FQDN', TargetProcessId: 'x' } }),
      processEvent({ time: TIME, host: 'ex01', evidence: { TargetProcessId: 'contoso.com' } }),
    ];
    const lineage = new Map(rows.map((row) => [row, new Set([0])]));
    const origins = [{ scan: 0, table: 'imProcessCreate', column: 'Dvc' }];
    expect(companionIdentifiers('ex01', origins, lineage, tables, both)).toStrictEqual({ DnsDomain: 'contoso.com' });
  });

  it('finds a companion among the columns that the rule itself uses', () => {
    const used = { imProcessCreate: { Dvc: [{ column: 'ActorUsername', identifier: 'NetBiosName' }] } };
    const origins = [{ scan: 0, table: 'imProcessCreate', column: 'Dvc' }];
    expect(companionIdentifiers('ex01.contoso.com', origins, new Map([[alice(), new Set([0])]]), tables, used)).toStrictEqual({
      NetBiosName: 'CONTOSO\\alice',
    });
  });
});
