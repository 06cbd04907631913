import { counted, grouped } from '../../value/counted';
import type { EntityText, Explanation, Load, Proof, SentQuery, Step } from './explanation';
import { NO_RULE_ID } from '../../rule/query-file';
import { renderWhy } from './render-why';

const indent = (lines: readonly string[], by = '  '): readonly string[] => lines.map((line) => (line === '' ? '' : by + line));

const MAX_WIDTH = 110;

/** A long list of columns over several lines, broken before a name: the text means the same. */
function wrapProjection(line: string): readonly string[] {
  if (!line.startsWith('| project ')) return [line];
  const lines: string[] = [];
  for (const column of line.split(/, (?=[\w[\]'"]+(?:[=,]|$))/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + column.length + 2 <= MAX_WIDTH) lines[lines.length - 1] = `${last}, ${column}`;
    else lines.push(last === undefined ? column : `    ${column}`);
  }
  return lines.map((text, index) => (index < lines.length - 1 ? `${text},` : text));
}

function sentLines(sent: readonly SentQuery[]): readonly string[] {
  return sent.flatMap(({ table, source, query, columns, evidenceColumns }) => [
    `${table}, read by: ${source}`,
    `${counted(columns.length, 'column')} that the rule uses, and ${grouped(evidenceColumns.length)} for entities and evidence`,
    '',
    ...indent(query.split('\n').flatMap(wrapProjection)),
    '',
  ]);
}

function stepLines(steps: readonly Step[]): readonly string[] {
  const width = String(steps.length).length;
  const passing = (rows: number | undefined): string => (rows === undefined ? '' : `  → ${counted(rows, 'row')}`);
  return steps.flatMap(({ line, text, keeps, reads, rows, conjuncts = [] }, index) => {
    const from = reads.length === 0 ? '' : ` (of steps ${reads.join(' and ')})`;
    const parts = conjuncts.map((part) => `- ${part.text}${passing(part.rows)}`);
    return [
      `${String(index + 1).padStart(width)}  ${text}  [line ${line}]`,
      ...indent([`${keeps}${from}${passing(rows)}`, ...parts], ' '.repeat(width + 2)),
    ];
  });
}

const proofLine = (what: string, { holds, reason, line }: Proof): string =>
  `${what}: ${holds ? 'yes' : 'no'}, ${reason}${line === undefined ? '' : ` (line ${line})`}`;

function loadLines(load: Load | undefined, monotone: boolean): readonly string[] {
  if (load === undefined) return ['nothing, for it cannot be scheduled'];
  const { binWidth, binsPerDay, evaluationsPerBin, requestsPerDay, splitPairRequestsPerDay } = load;
  const more = splitPairRequestsPerDay === 0 ? '' : `, and ${grouped(splitPairRequestsPerDay)} for split pairs`;
  return [
    `bins of ${binWidth}, ${grouped(binsPerDay)} a day, each evaluated ${grouped(evaluationsPerBin)} times:`,
    `${monotone ? 'at every tick until 15 min after its close, then ' : ''}15 min · 2^k after its close up to 32 h, after 49 h, and after 7 d`,
    `about ${grouped(requestsPerDay)} requests a day for each workspace${more}, with the default schedule and no retries`,
  ];
}

function entityLines(entities: readonly EntityText[]): readonly string[] {
  if (entities.length === 0) return ['none, so it cannot be scheduled'];
  return entities.flatMap(({ entityType, fields, companions }) => [
    ...fields.map(({ identifier, column, from }) => `${entityType} ${identifier} = ${column}, ${from}`),
    ...(companions.length === 0 ? [] : [`  and, where all rows agree, ${companions.join('; ')}`]),
  ]);
}

/** The explanation as text for people, ending in a line break. */
export function renderText(explanation: Explanation): string {
  const { name, file, id, sent, steps, split, monotone, splitPairs, load, entities, why } = explanation;
  const section = (title: string, lines: readonly string[]): readonly string[] => ['', title, ...indent(lines)];
  const lines = [
    name,
    id === NO_RULE_ID ? file : `${file}, ${id}`,
    ...section('Proofs', [proofLine('splits by bin', split), proofLine('monotone', monotone), proofLine('split pairs', splitPairs)]),
    ...section('Sent to the workspace, for one bin', sent.length === 0 ? ['nothing, for it cannot be scheduled'] : sentLines(sent)),
    ...section('Done here', stepLines(steps)),
    ...section('What cycles read', loadLines(load, monotone.holds)),
    ...section('Entities', entityLines(entities)),
    ...(why === undefined ? [] : section(`Why ${JSON.stringify(why.text)}`, renderWhy(why))),
  ];
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
