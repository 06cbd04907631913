import { counted, grouped } from '../value/counted';
import type { Entity } from '../incident/incident';
import type { IncidentMessage } from '../incident/message';
import { textTable, type TextColumn } from './text-table';

/** Incidents as a table that a person can read. */

/** What an entity is called: its full name, or else the first identifier that it has. */
function nameOf(entity: Entity): string {
  return entity['FullName'] ?? Object.entries(entity).find(([identifier]) => identifier !== '$id' && identifier !== 'Type')?.[1] ?? '';
}

function entityText({ entities }: IncidentMessage, type: string): string {
  const names = entities.filter((each) => each['Type'] === type).map(nameOf);
  return names.length === 0 ? '(empty)' : names.join(', ');
}

function others({ entities }: IncidentMessage): readonly Entity[] {
  return entities.filter(({ Type }) => Type !== 'host' && Type !== 'account');
}

/** `2026-03-10 10:00–11:00`, UTC. */
function binText({ bin }: IncidentMessage): string {
  return `${bin.start.slice(0, 10)} ${bin.start.slice(11, 16)}–${bin.end.slice(11, 16)}`;
}

/** Entities of other types, for the incidents that have some. */
const otherEntities: TextColumn<IncidentMessage> = {
  title: 'Others',
  text: (incident) =>
    others(incident)
      .map((entity) => `${entity['Type'] ?? ''} ${nameOf(entity)}`)
      .join(', '),
};

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
  const named = incidents.some((incident) => others(incident).length > 0) ? columns.toSpliced(3, 0, otherEntities) : columns;
  return textTable(named, sorted);
}
