import { counted } from '../../value/counted';
import type { Loss, ScanFate, Why } from './explanation';

function lossLines({ step, rows, reason, examples }: Loss): readonly string[] {
  return [
    `  ${counted(rows, 'row')} lost at step ${step}: ${reason}`,
    ...examples.flatMap(({ row, nearest }) => [`    ${row}`, ...nearest.map((line) => `      ${line}`)]),
  ];
}

function endLines({ losses, matching, decidesAt, inResult }: ScanFate): readonly string[] {
  if (decidesAt !== undefined) {
    const left = matching - losses.reduce((sum, { rows }) => sum + rows, 0);
    return [`  ${counted(left, 'row')} at step ${decidesAt}, where rows from here only decide which others are kept`];
  }
  return inResult === 0 ? [] : [`  ${counted(inResult, 'row')} behind a result row, and so behind an incident`];
}

function fateLines(fate: ScanFate): readonly string[] {
  const { step, table, columns, matching, losses } = fate;
  if (columns.length === 0)
    return [`step ${step}, ${table}: no mapped column comes from it, so none of its rows can be told to be about this`];
  return [
    `step ${step}, ${table}: ${counted(matching, 'row')} with it in ${columns.join(' or ')}`,
    ...losses.flatMap(lossLines),
    ...endLines(fate),
  ];
}

/** What became of the rows that name an entity, scan by scan. */
export function renderWhy({ scans, names }: Why): readonly string[] {
  const advice = names.length === 0 ? [] : ['', `There are ${names.map((name) => JSON.stringify(name)).join(', ')}.`];
  return [...scans.flatMap(fateLines), ...advice];
}
