import table from '../../../infra/sentinel/table-columns.json';
import { FIELD_LIMIT, RowProblem, tableRow } from '../../../src/ingest/table-row';
import { instant } from '../../../src/value/instant';
import { message } from '../../support/ingestion';

const sentAt = instant('2026-03-10T12:00:00.5Z');

describe('the row of a message', () => {
  it('has every column of the table that the message has a value for', () => {
    const row = tableRow(message(1), sentAt);
    const absent = table.columns.map(({ name }) => name).filter((name) => row[name] === undefined);
    // No withdrawal, and names without these parts.
    expect(absent).toEqual(['Reason', 'HostNTDomain', 'AccountUPNSuffix']);
    expect(Object.keys(row).filter((name) => !table.columns.some((column) => column.name === name))).toEqual([]);
  });

  it('has the time of sending, the event times, and the parts of host and account in columns of their own', () => {
    expect(tableRow(message(1), sentAt)).toMatchObject({
      TimeGenerated: '2026-03-10T12:00:00.5000000Z',
      IncidentId: message(1).id,
      Revision: 1,
      Status: 'active',
      BinStart: message(1).bin.start,
      HostName: 'ex01',
      AccountName: 'alice',
      Entities: message(1).entities,
      EvidenceRows: message(1).evidence.rows,
      EvidenceCut: false,
    });
  });

  it('has the first of several hosts, and none where there is none', () => {
    const host = (name: string) => ({ $id: '9', Type: 'host', HostName: name });
    expect(tableRow(message(1, { entities: [host('a'), host('b')] }), sentAt)).toMatchObject({ HostName: 'a' });
    expect(tableRow(message(1, { entities: [] }), sentAt)).not.toHaveProperty('HostName');
  });

  it('has the reason of a withdrawal', () => {
    expect(tableRow(message(1, { status: 'withdrawn', reason: 'superseded' }), sentAt)).toMatchObject({
      Status: 'withdrawn',
      Reason: 'superseded',
    });
  });
});

describe('a field over 64 KB', () => {
  it('loses its middle to a mark', () => {
    const { Description } = tableRow(message(1, { description: '漢'.repeat(30_000) }), sentAt) as { readonly Description: string };
    expect(Buffer.byteLength(Description)).toBeLessThanOrEqual(FIELD_LIMIT);
    expect(Description).toMatch(/^漢+…\[cut \d+ bytes\]…漢+$/);
  });

  it('stands as the text of its JSON where it is dynamic', () => {
    const row = tableRow(message(1, { tactics: Array.from({ length: 3_000 }, () => 'a tactic that is rather long') }), sentAt);
    expect(row['Tactics']).toMatch(/^\["a tactic.+…\[cut \d+ bytes\]….+long"\]$/);
  });

  it('is whole at 64 KB to the byte', () => {
    const text = 'x'.repeat(FIELD_LIMIT);
    expect(tableRow(message(1, { description: text }), sentAt)).toMatchObject({ Description: text });
  });
});

describe('a valid message that does not fit into the table', () => {
  it.each([2 ** 31, 1e300])('is refused for the revision %d', (revision) => {
    expect(() => tableRow(message(1, { revision }), sentAt)).toThrow(new RowProblem('Revision is not a whole number of 32 bits'));
  });

  it('is refused for a cell that nests deeper than can be written', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as never;
    const { evidence } = message(1);
    const nested = message(1, { evidence: { ...evidence, results: [{ Deep: deep }] } });
    expect(() => tableRow(nested, sentAt)).toThrow(new RowProblem('EvidenceResults is nested too deeply'));
  });
});
