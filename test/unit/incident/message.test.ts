import { draftIncidents } from '../../../src/incident/draft';
import type { EvidenceRow, IncidentDraft } from '../../../src/incident/incident';
import { activeMessage, withdrawnMessage, type ActiveRevision } from '../../../src/incident/message';
import { MESSAGE_LIMIT } from '../../../src/incident/pack';
import type { RuleFacts } from '../../../src/plan/compiled-rule';
import { instant } from '../../../src/value/instant';
import { expectValidIncident } from '../../support/incident-schema';
import { companions, evaluationOf, mailboxRule, pair, processEvent, WORKSPACE } from '../../support/mailbox-rule';
import golden from './mailbox-message.json';

const evidence = { DvcDomain: 'contoso.com', DvcDomainType: 'FQDN', ActorUserId: 'S-1-5-21-1-2-3-1104', ActorUserIdType: 'SID' };
const exported = processEvent({
  time: '2026-03-10T10:05:00.1234567Z',
  command: 'powershell.exe New-MailboxExportRequest -Mailbox ceo -FilePath \\\\ex01\\c$\\ceo.pst',
  evidence: { ...evidence, TargetProcessId: '4242' },
});
const removed = processEvent({ time: '2026-03-10T10:50:00Z', command: 'powershell.exe Remove-MailboxExportRequest ceo', evidence });

const occasion = {
  rule: mailboxRule,
  ruleHash: 'ab'.repeat(32),
  workspaceId: WORKSPACE,
  revision: 1,
  detectedAt: instant('2026-03-10T11:20:00Z'),
};

function mailboxDraft(): IncidentDraft {
  const evaluation = evaluationOf(pair(exported, removed), pair({ ...exported }, removed));
  const [draft] = draftIncidents({ rule: mailboxRule, workspaceId: WORKSPACE, match: 'rule', evaluation, companions });
  if (draft === undefined) throw new Error('no incident');
  return draft;
}

const draft = mailboxDraft();

function send(more: Partial<IncidentDraft> = {}, facts: Partial<RuleFacts> = {}): ReturnType<typeof expectValidIncident> {
  const revision: ActiveRevision = { ...occasion, rule: { facts: { ...mailboxRule.facts, ...facts } }, draft: { ...draft, ...more } };
  return expectValidIncident(activeMessage(revision));
}

function rows(count: number, scan: (index: number) => number, command: string): readonly EvidenceRow[] {
  return Array.from({ length: count }, (_, index) => ({
    table: 'imProcessCreate',
    scans: [scan(index)],
    copies: 1,
    columns: { index, CommandLine: command },
  }));
}

describe('activeMessage', () => {
  it('is the known message for the mailbox rule, to the byte', () => {
    const bytes = activeMessage({ ...occasion, draft });
    expectValidIncident(bytes);
    expect(new TextDecoder().decode(bytes)).toBe(JSON.stringify(golden));
  });

  it('names a pair parted by the edge of two bins, one step below the severity of the rule', () => {
    const [id, workspace, , ...rest] = draft.identity;
    const message = send({ identity: [id, workspace, 'split-by-bin-edge', ...rest] });
    expect(message.match).toBe('split-by-bin-edge');
    expect(message.title).toBe('Mailbox exported and the export removed (parted by the edge of two bins)');
    expect(message.severity).toBe('Low');
  });

  it('shows everything where there is room', () => {
    const message = send({ rows: rows(200, () => 0, 'x'.repeat(200)) });
    expect(message.evidence.rows).toHaveLength(200);
    expect(message.evidence.cut).toBe(false);
  });

  it('shows the first row of each scan before others, in order of time, and counts all', () => {
    const all = rows(5_000, (index) => (index < 4_999 ? 0 : 7), 'x'.repeat(500));
    const { evidence: shown } = send({ rows: all });
    const indices = shown.rows.map(({ columns }) => columns['index']);
    expect(indices.at(-1)).toBe(4_999);
    expect(indices.slice(0, -1)).toStrictEqual(Array.from({ length: indices.length - 1 }, (_, index) => index));
    expect(indices.length).toBeGreaterThan(90);
    expect([shown.rowCount, shown.copyCount, shown.cut]).toStrictEqual([5_000, 5_000, true]);
  });

  it('adds result rows and source rows in turn', () => {
    const results = Array.from({ length: 1_000 }, (_, index) => ({ index, text: 'x'.repeat(400) }));
    const { evidence: shown } = send({ results, rows: rows(1_000, () => 0, 'x'.repeat(400)) });
    expect(Math.abs(shown.results.length - shown.rows.length)).toBeLessThanOrEqual(1);
    expect([shown.resultCount, shown.rowCount]).toStrictEqual([1_000, 1_000]);
  });

  it('goes on with the other where the next result row has no room', () => {
    const results = [{ a: 1 }, Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index}`, 'x'.repeat(8_000)]))];
    const { evidence: shown } = send({ results, rows: rows(50, () => 0, 'x') });
    expect([shown.results.length, shown.rows.length]).toStrictEqual([1, 50]);
  });

  it('cuts a string to 8,192 bytes where that is enough', () => {
    const { evidence: shown } = send({ rows: rows(1, () => 0, `head${'x'.repeat(100_000)}tail`) });
    const command = String(shown.rows[0]?.columns['CommandLine']);
    expect(Buffer.byteLength(command)).toBe(8_191);
    expect(command).toMatch(/^head.*…\[cut 91840 bytes\]….*tail$/);
    expect(shown.cut).toBe(true);
  });

  it('halves that until one row of each scan fits', () => {
    const { evidence: shown } = send({ rows: rows(10, (index) => index, 'x'.repeat(100_000)) });
    expect(shown.rows).toHaveLength(10);
    for (const { columns } of shown.rows) expect(Buffer.byteLength(String(columns['CommandLine']))).toBe(4_095);
  });

  it('stays within the limit for control characters, which JSON writes as six bytes', () => {
    const { evidence: shown } = send({ rows: rows(10, (index) => index, '\u0001'.repeat(100_000)) });
    expect(shown.rows).toHaveLength(10);
  });

  it.each<[string, Partial<IncidentDraft>, Partial<RuleFacts>]>([
    ['a description of 100 KB', {}, { description: 'd'.repeat(100_000) }],
    ['a name of 1 MB', {}, { name: '\u{1F468}'.repeat(250_000) }],
    [
      'an account name of 1 MB',
      { entities: [{ $id: '1', Type: 'account', Name: 'a'.repeat(1_000_000), FullName: 'a'.repeat(1_000_000) }] },
      {},
    ],
    ['ten entities of thirty long identifiers', { entities: Array.from({ length: 10 }, (_, entity) => manyIdentifiers(entity, 30)) }, {}],
    ['a row of 5,000 columns', { results: [Object.fromEntries(Array.from({ length: 5_000 }, (_, column) => [`c${column}`, 'x']))] }, {}],
    ['a column name of 100 KB', { results: [{ ['n'.repeat(100_000)]: 1 }] }, {}],
    ['a dynamic value of 100,000 numbers', { results: [{ list: Array.from({ length: 100_000 }, () => 1) }] }, {}],
    ['one row of each of 1,000 scans', { rows: rows(1_000, (index) => index, 'x'.repeat(1_000)) }, {}],
    ['100,000 tactics', {}, { tactics: Array.from({ length: 100_000 }, () => 'Collection') }],
    ['10,000 entities that are missing', { missingEntities: Array.from({ length: 10_000 }, (_, index) => `Account.${index}`) }, {}],
  ])('stays within the limit with %s, and says that it was cut', (_, more, facts) => {
    expect(send(more, facts).evidence.cut).toBe(true);
  });

  it('keeps the entities whole beside evidence of any size', () => {
    expect(send({ rows: rows(1_000, (index) => index % 40, 'x'.repeat(100_000)) }).entities).toStrictEqual(draft.entities);
  });

  it('puts U+FFFD for half of a surrogate pair, in values and in names', () => {
    const message = send({ results: [{ 'a\uD83D': '\uDC00', list: ['\uD83D'] }] });
    expect(message.evidence.results).toStrictEqual([{ 'a\uFFFD': '\uFFFD', list: ['\uFFFD'] }]);
    expect(message.evidence.cut).toBe(false);
  });

  it('refuses to send a frame that is over the limit by itself', () => {
    expect(() => activeMessage({ ...occasion, ruleHash: 'a'.repeat(MESSAGE_LIMIT), draft })).toThrow('60000 is the limit');
  });
});

function manyIdentifiers(entity: number, count: number): IncidentDraft['entities'][number] {
  const identifiers = Array.from({ length: count }, (_, index) => [`Identifier${index}`, '\u0001'.repeat(10_000)]);
  return { $id: String(entity + 1), Type: 'account', ...Object.fromEntries(identifiers) };
}

describe('withdrawnMessage', () => {
  it('has the recorded entities, a reason, and no evidence', () => {
    const { id, identity, bin, entities, missingEntities } = draft;
    const message = expectValidIncident(
      withdrawnMessage({ ...occasion, id, identity, bin, entities, missingEntities, revision: 3, reason: 'no-longer-matches' }),
    );
    expect(message).toStrictEqual({
      ...golden,
      revision: 3,
      status: 'withdrawn',
      reason: 'no-longer-matches',
      evidence: { results: [], rows: [], resultCount: 0, rowCount: 0, copyCount: 0, cut: false },
    });
    expect(Object.keys(message).slice(0, 6)).toStrictEqual(['schemaVersion', 'id', 'revision', 'status', 'reason', 'match']);
  });
});
