import { counted, grouped } from '../value/counted';
import type { IncidentMessage } from '../incident/message';
import { textTable, type TextColumn } from './text-table';

/** Incidents as a table that a person can read. */

function entityText({ entities }: IncidentMessage, type: string): string {
  const entity = entities.find((each) => each['Type'] === type);
  return entity?.['FullName'] ?? '(empty)';
}

/** `2026-03-10 10:00–11:00`, UTC. */
function binText({ bin }: IncidentMessage): string {
  return `${bin.start.slice(0, 10)} ${bin.start.slice(11, 16)}–${bin.end.slice(11, 16)}`;
}

const columns: readonly TextColumn<IncidentMessage>[] = [
  { title: 'Hour (UTC)', text: binText },
  { title: 'Host', text: (incident) => entityText(incident, 'host') },
  { title: 'Account', text: (incident) => entityText(incident, 'account') },
  { title: 'Severity', text: ({ severity }) => severity },
  { title: 'Status', text: ({ status, revision }) => `${status}, revision ${revision}` },
  {
    title: 'Evidence',
    text: ({ evidence }) =>
      `${counted(evidence.resultCount, 'result')} from ${counted(evidence.rowCount, 'row')}, ${grouped(evidence.copyCount)} with copies`,
  },
];

/** One line an incident, in order of bin, host and account; the first line names the columns. */
export function incidentTable(incidents: readonly IncidentMessage[]): string {
  const keyOf = (incident: IncidentMessage): string => columns.map(({ text }) => text(incident)).join('\t');
  const keyed = incidents.map((incident) => ({ incident, key: keyOf(incident) }));
  const sorted = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ incident }) => incident);
  return textTable(columns, sorted);
}
