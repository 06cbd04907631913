import type { Entity } from '../../../src/incident/incident';
import type { IncidentMessage } from '../../../src/incident/message';
import { incidentTable } from '../../../src/local/incident-table';

/** The cells of the only incident, by the titles of their columns. */
function cellsOf(...entities: readonly Entity[]): Readonly<Record<string, string>> {
  const incident = {
    bin: { start: '2026-03-10T10:00:00.0000000Z', end: '2026-03-10T11:00:00.0000000Z' },
    entities,
    severity: 'Low',
    status: 'active',
    revision: 1,
    evidence: { resultCount: 1, rowCount: 1, copyCount: 1 },
  } as unknown as IncidentMessage;
  const [titles = [], , cells = []] = incidentTable([incident])
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  return Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? '']));
}

describe('the table of incidents', () => {
  it('calls an entity by its full name, or else by the first identifier that it has', () => {
    const cells = cellsOf(
      { $id: '1', Type: 'host', HostName: 'ex01', FullName: 'ex01.contoso.com' },
      { $id: '2', Type: 'account', Name: 'ann', Sid: 'S-1' },
    );
    expect(cells).toMatchObject({ Host: 'ex01.contoso.com', Account: 'ann' });
    expect(cells).not.toHaveProperty('Others');
  });

  it('names several hosts, and entities of other types in a column of their own', () => {
    const host = (name: string): Entity => ({ $id: name, Type: 'host', HostName: name });
    expect(cellsOf(host('a'), host('b'), { $id: '3', Type: 'ip', Address: '10.0.0.1' })).toMatchObject({
      Host: 'a, b',
      Account: '(empty)',
      Others: 'ip 10.0.0.1',
    });
  });
});
