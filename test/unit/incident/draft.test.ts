import type { Evaluation } from '../../../src/engine/rows';
import { draftIncidents, type DraftRequest } from '../../../src/incident/draft';
import type { IncidentDraft } from '../../../src/incident/incident';
import type { CompiledRule } from '../../../src/plan/compiled-rule';
import { instant } from '../../../src/value/instant';
import { companions, evaluationOf, mailboxRule, pair, processEvent, WORKSPACE } from '../../support/mailbox-rule';
import vectors from './identity-vectors.json';

function draft(evaluation: Evaluation, more: Partial<DraftRequest> = {}): readonly IncidentDraft[] {
  return draftIncidents({ rule: mailboxRule, workspaceId: WORKSPACE, match: 'rule', evaluation, companions, ...more });
}

const exported = processEvent({ time: '2026-03-10T10:05:00Z', account: 'alice', command: 'New-MailboxExportRequest' });
const removed = processEvent({ time: '2026-03-10T10:50:00Z', account: 'alice', command: 'Remove-MailboxExportRequest' });

describe('draftIncidents', () => {
  it('gives the mailbox rule its known id', () => {
    const [incident] = draft(evaluationOf(pair(exported, removed)));
    expect(incident?.id).toBe(vectors[0]?.id);
    expect(incident?.identity).toStrictEqual(vectors[0]?.identity);
    expect(incident?.bin).toStrictEqual({ start: instant('2026-03-10T10:00:00Z'), end: instant('2026-03-10T11:00:00Z') });
  });

  it('shows the result row and both source rows, with the removal that the rule projects away', () => {
    const [incident] = draft(evaluationOf(pair(exported, removed)));
    expect(incident?.results).toStrictEqual([
      { timekey: '2026-03-10T10:00:00.0000000Z', Dvc: 'ex01.contoso.com', ActorUsername: 'alice', CommandLine: 'New-MailboxExportRequest' },
    ]);
    expect(incident?.rows.map(({ scans, columns }) => [scans, columns['CommandLine']])).toStrictEqual([
      [[0], 'New-MailboxExportRequest'],
      [[1], 'Remove-MailboxExportRequest'],
    ]);
  });

  it('makes one incident of all rows with the same mapped values in a bin', () => {
    const another = processEvent({ time: '2026-03-10T10:01:00Z', account: 'alice', command: 'New-MailboxExportRequest 2' });
    const incidents = draft(evaluationOf(pair(exported, removed), pair(another, removed)));
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.results.map((row) => row['CommandLine'])).toStrictEqual([
      'New-MailboxExportRequest 2',
      'New-MailboxExportRequest',
    ]);
    expect(incidents[0]?.rows).toHaveLength(3);
  });

  it('makes another incident of another host, of the same one in other letters, and of the next hour', () => {
    const at = (time: string, host: string): Parameters<typeof pair> => [processEvent({ time, host }), processEvent({ time, host })];
    const incidents = draft(
      evaluationOf(
        pair(...at('2026-03-10T10:59:59.9999999Z', 'ex01')),
        pair(...at('2026-03-10T10:00:00Z', 'ex02')),
        pair(...at('2026-03-10T10:00:00Z', 'EX01')),
        pair(...at('2026-03-10T11:00:00Z', 'ex01')),
      ),
    );
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(4);
    expect(incidents.map(({ id }) => id)).toStrictEqual(incidents.map(({ id }) => id).sort());
  });

  it('counts copies of a source row, and neither its id nor its digest knows of them', () => {
    const copy = { ...exported };
    const [once] = draft(evaluationOf(pair(exported, removed)));
    const [twice] = draft(evaluationOf(pair(exported, removed), pair(copy, removed), pair(copy, removed)));
    expect(twice?.rows.map(({ copies }) => copies)).toStrictEqual([2, 1]);
    expect(twice?.results).toHaveLength(1);
    expect([twice?.id, twice?.digest]).toStrictEqual([once?.id, once?.digest]);
  });

  it('names every scan that read a source row or a copy of it', () => {
    const [incident] = draft(evaluationOf(pair(exported, { ...exported })));
    expect(incident?.rows.map(({ scans, copies }) => [scans, copies])).toStrictEqual([[[0, 1], 2]]);
  });

  it('takes of shifted bins the pairs alone that the edge in their middle parts', () => {
    const at = (time: string, host: string) => processEvent({ time: `2026-03-10T${time}Z`, host });
    const incidents = draft(
      evaluationOf(
        pair(at('10:59:59.9999999', 'ex01'), at('11:00:00', 'ex01')),
        pair(at('10:40:00', 'ex02'), at('10:59:59.9999999', 'ex02')),
        pair(at('11:00:00', 'ex03'), at('11:20:00', 'ex03')),
      ),
      { match: 'split-by-bin-edge' },
    );
    expect(incidents.map(({ bin, entities }) => [bin, entities[0]?.['HostName']])).toStrictEqual([
      [{ start: instant('2026-03-10T10:30:00Z'), end: instant('2026-03-10T11:30:00Z') }, 'ex01'],
    ]);
  });

  it('changes the digest with a row of evidence, a result row, and an entity', () => {
    const digests = [
      evaluationOf(pair(exported, removed)),
      evaluationOf(pair(exported, removed), pair(exported, { ...removed, evidence: ['', '', '', '', '4711'] })),
      evaluationOf({ ...pair(exported, removed), values: [null, 'ex01.contoso.com', 'alice', 'other'] }),
      evaluationOf(pair({ ...exported, evidence: ['', '', 'S-1-5-21-1', 'SID', ''] }, removed)),
    ].map((evaluation) => draft(evaluation)[0]?.digest);
    expect(new Set(digests).size).toBe(4);
  });

  it('leaves rule texts out of the digest', () => {
    const renamed: CompiledRule = { ...mailboxRule, facts: { ...mailboxRule.facts, name: 'Renamed', description: '', severity: 'High' } };
    const evaluation = evaluationOf(pair(exported, removed));
    expect(draft(evaluation, { rule: renamed })[0]?.digest).toBe(draft(evaluation)[0]?.digest);
  });

  it('lists an account that is not known as missing, and keeps it in the identity', () => {
    const [incident] = draft(evaluationOf(pair({ ...exported, values: [exported.values[0] ?? null, 'ex01', '', 'x'] }, removed)));
    expect(incident?.missingEntities).toStrictEqual(['Account.FullName']);
    expect(incident?.entities).toStrictEqual([{ $id: '1', Type: 'host', HostName: 'ex01', FullName: 'ex01' }]);
    expect(incident?.identity[5][0]).toStrictEqual(['Account', [['FullName', '']]]);
  });

  it('strengthens entities by companions of the columns they come from', () => {
    const evidence = { DvcDomain: 'contoso.com', DvcDomainType: 'FQDN', ActorUserId: 'S-1-5-21-1', ActorUserIdType: 'SID' };
    const [incident] = draft(
      evaluationOf(pair(processEvent({ time: '2026-03-10T10:05:00Z', host: 'ex01', account: 'alice', evidence }), removed)),
    );
    expect(incident?.entities).toStrictEqual([
      { $id: '1', Type: 'host', HostName: 'ex01', DnsDomain: 'contoso.com', FullName: 'ex01' },
      { $id: '2', Type: 'account', Name: 'alice', Sid: 'S-1-5-21-1', FullName: 'alice' },
    ]);
  });

  it('keeps every column the rule uses, and of the others those with a value', () => {
    const [incident] = draft(
      evaluationOf(pair(processEvent({ time: '2026-03-10T10:05:00Z', evidence: { TargetProcessId: '17' } }), removed)),
    );
    expect(incident?.rows[0]?.columns).toStrictEqual({
      TimeGenerated: '2026-03-10T10:05:00.0000000Z',
      Dvc: 'ex01.contoso.com',
      ActorUsername: 'CONTOSO\\alice',
      CommandLine: '',
      TargetProcessId: '17',
    });
  });

  it('makes one incident of two accounts in either order, the same whichever row comes first', () => {
    const twoAccounts: CompiledRule = {
      ...mailboxRule,
      facts: {
        ...mailboxRule.facts,
        entityMappings: ['Dvc', 'ActorUsername'].map((columnName) => ({
          entityType: 'Account',
          fieldMappings: [{ identifier: 'FullName', columnName, origins: [] }],
        })),
      },
    };
    const rows = [
      pair({ ...exported, values: [exported.values[0] ?? null, 'alice', 'bob', ''] }, removed),
      pair({ ...exported, values: [exported.values[0] ?? null, 'bob', 'alice', ''] }, removed),
    ];
    const [there] = draft(evaluationOf(...rows), { rule: twoAccounts });
    const [back, ...none] = draft(evaluationOf(...rows.toReversed()), { rule: twoAccounts });
    expect(none).toStrictEqual([]);
    expect(back).toStrictEqual(there);
    expect(there?.entities.map((entity) => entity['Name'])).toStrictEqual(['alice', 'bob']);
  });
});

describe('the bin of an incident', () => {
  const unsplit: CompiledRule = {
    ...mailboxRule,
    split: { splits: false, reason: 'top looks at rows of all bins', span: { start: 0, end: 1 } },
  };
  const range = { start: instant('2026-03-10T00:00:00Z'), end: instant('2026-03-12T00:00:00Z') };

  it("is the rule's own, also where that is less than an hour", () => {
    const fiveMinutes: CompiledRule = {
      ...mailboxRule,
      split: { splits: true, binWidth: '3000000000', unitWidth: '36000000000', reason: '' },
    };
    const [incident] = draft(evaluationOf(pair(removed, removed)), { rule: fiveMinutes });
    expect(incident?.identity.slice(3, 5)).toStrictEqual(['2026-03-10T10:50:00.0000000Z', 3_000_000_000]);
  });

  it('is the range that was evaluated, where one is given', () => {
    const [incident] = draft(evaluationOf(pair(exported, removed)), { rule: unsplit, range });
    expect(incident?.bin).toBe(range);
    expect(incident?.identity[4]).toBe(1_728_000_000_000);
  });

  it('puts rows without an event time last where a range is given', () => {
    const timeless = processEvent({ time: null, command: 'timeless' });
    for (const { lineage } of [pair(timeless, removed), pair(removed, timeless)]) {
      const evaluation = evaluationOf({ values: pair(exported, removed).values, lineage });
      const [incident] = draft(evaluation, { rule: unsplit, range });
      expect(incident?.rows.map(({ columns }) => columns['CommandLine'])).toStrictEqual(['Remove-MailboxExportRequest', 'timeless']);
    }
  });

  it.each([
    ['no range for a rule that does not split', unsplit, pair(exported, removed), 'does not split by bin (top looks at rows of all bins)'],
    ['no event time', mailboxRule, pair(processEvent({ time: null }), removed), 'a row of imProcessCreate without an event time'],
    ['rows of two bins', mailboxRule, pair(exported, processEvent({ time: '2026-03-10T11:00:00Z' })), 'in two bins of a rule that splits'],
    ['no source row', mailboxRule, { values: pair(exported, removed).values, lineage: [] }, 'no source row is behind a result row'],
  ])('is refused for %s', (_, rule, row, message) => {
    expect(() => draft(evaluationOf(row), { rule })).toThrow(message);
  });
});

it('refuses a mapping to a column that the result lacks', () => {
  expect(() => draft({ columns: [], rows: [] })).toThrow(
    'Account.FullName is mapped to ActorUsername, which is not a column of the result',
  );
});

it('refuses a source row of a table that the plan does not read', () => {
  expect(() => draft(evaluationOf(pair({ ...exported, table: 'Syslog' }, removed)))).toThrow('a row of Syslog is behind a result row');
});
