import { compilePredicate } from '../../engine/expression';
import type { ResultRow, SourceRow } from '../../engine/rows';
import { collectColumns, columnsOf, conjuncts } from '../../plan/columns';
import type { EntityMapping } from '../../plan/compiled-rule';
import { kqlExpression } from '../../plan/kql-text';
import type { Plan, PlanNode, ScanNode, WhereNode } from '../../plan/plan';
import { formatValue } from '../../value/text';
import { columnSources } from '../column-sources';
import { nodesOf, pathOf } from '../plan-nodes';
import { shortInstant } from '../time-text';
import type { NodeRows } from './counts';
import { eventTimes } from './event-times';
import type { Loss, ScanFate, Why } from './explanation';
import { JoinLoss } from './join-loss';
import { cellsText } from './row-text';

/** Why something did not become an incident: the source rows that name it, followed from each scan to the step that loses them. */

export interface WhyQuestion {
  readonly text: string;
  readonly mappings: readonly EntityMapping[];
  readonly rows: NodeRows;
  readonly stepOf: (node: PlanNode) => number;
}

const MAX_NAMES = 20;

/** By table, the columns from which the mapped ones come. */
function namingColumns(mappings: readonly EntityMapping[], root: PlanNode): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { fieldMappings } of mappings) {
    for (const { columnName } of fieldMappings) {
      for (const { table, column } of columnSources(root, columnName)) found.set(table, (found.get(table) ?? new Set()).add(column));
    }
  }
  return new Map([...found].map(([table, columns]) => [table, [...columns]]));
}

function reader(plan: Plan, table: string, columns: readonly string[]): (row: SourceRow) => readonly string[] {
  const read = plan.tables.find(({ name }) => name === table)?.columns ?? [];
  const cells = columns.map((column) => read.findIndex(({ name }) => name === column)).filter((index) => index !== -1);
  return ({ values }) => cells.map((index) => formatValue(read[index]?.type ?? 'string', values[index] ?? null));
}

/** The source rows among these that came through the scan and are still behind a row. */
function reached(rows: readonly ResultRow[], scan: number, among: ReadonlySet<SourceRow>): ReadonlySet<SourceRow> {
  return new Set(rows.flatMap(({ lineage }) => lineage.filter((each) => each.scan === scan && among.has(each.row)).map(({ row }) => row)));
}

const touches = (row: ResultRow, scan: number, among: ReadonlySet<SourceRow>): boolean =>
  row.lineage.some((each) => each.scan === scan && among.has(each.row));

/** The lost rows by the first part of the predicate that each fails, with an example of each. */
function predicateLosses({ rows, stepOf }: WhyQuestion, node: WhereNode, scan: number, lost: ReadonlySet<SourceRow>): readonly Loss[] {
  const columns = columnsOf(node.input);
  const timesOf = eventTimes(rows.plan);
  let left = rows.of(node.input).filter((row) => touches(row, scan, lost));
  return conjuncts(node.predicate).flatMap((part): readonly Loss[] => {
    const holds = compilePredicate(part, columns, { now: rows.now });
    const failing = left.filter(({ values }) => !holds(values));
    left = left.filter(({ values }) => holds(values));
    const [example] = failing;
    if (example === undefined) return [];
    const [time] = timesOf(example);
    const cells = cellsText(columns, example.values, collectColumns(part, new Set()));
    const count = reached(failing, scan, lost).size;
    return [
      {
        step: stepOf(node),
        rows: count,
        reason: `${kqlExpression(part)} is not true`,
        examples: [{ row: `${time === undefined ? '' : `${shortInstant(time)}: `}${cells}`, nearest: [] }],
      },
    ];
  });
}

function lossesAt(question: WhyQuestion, node: PlanNode, below: PlanNode, scan: number, lost: ReadonlySet<SourceRow>): readonly Loss[] {
  const { rows, stepOf } = question;
  if (node.kind === 'where') return predicateLosses(question, node, scan, lost);
  const inputs = rows.of(below).filter((row) => touches(row, scan, lost));
  if (node.kind === 'join') {
    const examples = new JoinLoss(node, node.left === below ? 'left' : 'right', rows).examples(inputs);
    return [
      {
        step: stepOf(node),
        rows: lost.size,
        reason: node.joinKind.endsWith('anti') ? 'a partner, which this join does not keep' : 'no partner',
        examples,
      },
    ];
  }
  return [{ step: stepOf(node), rows: lost.size, reason: `not kept by this ${node.kind}`, examples: [] }];
}

/** Whether rows that come from below have no part in what the node gives, and only say which rows of its other input do. */
function onlyDecides(node: PlanNode, below: PlanNode): boolean {
  if (node.kind === 'toscalar' || node.kind === 'in') return node.query === below;
  if (node.kind !== 'join' || !/semi|anti/.test(node.joinKind)) return false;
  return node.joinKind.startsWith('left') ? node.right === below : node.left === below;
}

function fateOf(question: WhyQuestion, scan: ScanNode, columns: readonly string[]): ScanFate {
  const { rows, stepOf } = question;
  const namesOf = reader(rows.plan, scan.table, columns);
  const wanted = question.text.toLowerCase();
  const matching = (rows.tables.get(scan.table) ?? []).filter((row) => namesOf(row).some((name) => name.toLowerCase().includes(wanted)));
  const losses: Loss[] = [];
  let alive: ReadonlySet<SourceRow> = new Set(matching);
  let below: PlanNode = scan;
  for (const node of pathOf(rows.plan.root, scan.scan).slice(1)) {
    if (alive.size === 0) break;
    if (onlyDecides(node, below)) {
      return { step: stepOf(scan), table: scan.table, columns, matching: matching.length, losses, decidesAt: stepOf(node), inResult: 0 };
    }
    const after = reached(rows.of(node), scan.scan, alive);
    const lost = new Set([...alive].filter((row) => !after.has(row)));
    if (lost.size > 0) losses.push(...lossesAt(question, node, below, scan.scan, lost));
    alive = after;
    below = node;
  }
  return { step: stepOf(scan), table: scan.table, columns, matching: matching.length, losses, inResult: alive.size };
}

function allNames({ rows }: WhyQuestion, naming: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const names = new Set<string>();
  for (const [table, columns] of naming) {
    const namesOf = reader(rows.plan, table, columns);
    for (const row of rows.tables.get(table) ?? []) namesOf(row).forEach((name) => names.add(name));
  }
  return [...names]
    .filter((name) => name !== '')
    .sort()
    .slice(0, MAX_NAMES);
}

/** Follows the rows in which a mapped entity's column contains the text, ignoring case. Throws EvaluationLimit as an evaluation does. */
export function explainWhy(question: WhyQuestion): Why {
  const { root } = question.rows.plan;
  const naming = namingColumns(question.mappings, root);
  const scans = nodesOf(root).filter((node): node is ScanNode => node.kind === 'scan');
  const fates = scans.map((scan) => fateOf(question, scan, naming.get(scan.table) ?? []));
  const found = fates.some(({ matching }) => matching > 0);
  return { text: question.text, scans: fates, names: found ? [] : allNames(question, naming) };
}
