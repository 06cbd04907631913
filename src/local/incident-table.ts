import type { IncidentMessage } from '../incident/message';

/** Incidents as a table that a person can read. */

function entityText({ entities }: IncidentMessage, type: string): string {
  const entity = entities.find((each) => each['Type'] === type);
  return entity?.['FullName'] ?? '(empty)';
}

/** `2026-03-10 10:00–11:00`, UTC. */
function binText({ bin }: IncidentMessage): string {
  return `${bin.start.slice(0, 10)} ${bin.start.slice(11, 16)}–${bin.end.slice(11, 16)}`;
}

const columns: readonly { readonly title: string; readonly text: (incident: IncidentMessage) => string }[] = [
  { title: 'Hour (UTC)', text: binText },
  { title: 'Host', text: (incident) => entityText(incident, 'host') },
  { title: 'Account', text: (incident) => entityText(incident, 'account') },
  { title: 'Severity', text: ({ severity }) => severity },
  { title: 'Status', text: ({ status, revision }) => `${status}, revision ${revision}` },
  {
    title: 'Evidence',
    text: ({ evidence }) => `${evidence.resultCount} results from ${evidence.rowCount} rows, ${evidence.copyCount} with copies`,
  },
];

/** One line an incident, in order of bin, host and account; the first line names the columns. */
export function incidentTable(incidents: readonly IncidentMessage[]): string {
  const lines = incidents
    .map((incident) => columns.map(({ text }) => text(incident)))
    .sort((a, b) => (a.join('\t') < b.join('\t') ? -1 : 1));
  const all = [columns.map(({ title }) => title), ...lines];
  const widths = columns.map((_, index) => Math.max(...all.map((line) => line[index]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  const [header = [], ...rest] = all;
  return [format(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rest.map(format)].join('\n');
}
