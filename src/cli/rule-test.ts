import { EvaluationLimit } from '../engine/budget';
import { evaluate } from '../engine/evaluate';
import type { Evaluation, SourceRow } from '../engine/rows';
import { draftIncidents } from '../incident/draft';
import { activeMessage } from '../incident/message';
import type { Schemas } from '../plan/compile-rule';
import type { Plan, TablePlan } from '../plan/plan';
import { decodeCell, decodeDynamic } from '../value/decode';
import { formatValue } from '../value/text';
import type { Value } from '../value/types';
import { compareRows, compareIncidentLists } from './rule-test-compare';
import { InvalidTest, readRuleTest, type RuleTestFile, type TestTable } from './rule-test-file';
import { Subjects, type ReadRule, type Subject } from './rule-test-subject';

/** Stands for a workspace where there is none. */
export const NO_WORKSPACE = '00000000-0000-0000-0000-000000000000';

function cells(table: TablePlan, name: string, { schema, rows }: TestTable): readonly SourceRow[] {
  const known = new Set([...schema.columns.map((column) => column.name), ...schema.evidenceColumns]);
  return rows.map((row, index) => {
    const where = (column: string): string => `tables.${name}.rows[${index}].${column}`;
    const stray = Object.keys(row).find((column) => !known.has(column));
    if (stray !== undefined) throw new InvalidTest(`${where(stray)}: the table has no such column`);
    // Every declared column is read, so that a cell of the wrong type is found also where the rule does not look at it.
    const values = new Map(
      schema.columns.map((column): [string, Value] => {
        const value = decodeCell(column.type, row[column.name]);
        if (value === undefined) throw new InvalidTest(`${where(column.name)}: not a ${column.type}`);
        return [column.name, value];
      }),
    );
    const evidence = table.evidenceColumns.map((column) => formatValue('dynamic', decodeDynamic(row[column]) ?? null));
    return { table: name, values: table.columns.map((column) => values.get(column.name) ?? null), evidence };
  });
}

function evaluateTest(plan: Plan, test: RuleTestFile): Evaluation {
  const rows = new Map(
    plan.tables.map((table): [string, readonly SourceRow[]] => {
      const given = test.tables.get(table.name);
      if (given === undefined)
        throw new InvalidTest(`the rule reads ${table.name}, which tables does not have: add it, if only with rows: []`);
      return [table.name, cells(table, table.name, given)];
    }),
  );
  return evaluate(plan, (name) => rows.get(name) ?? [], { now: test.now });
}

function compareIncidents(test: RuleTestFile, { rule, query, noIncidents }: Subject, evaluation: Evaluation): readonly string[] {
  if (test.incidents === undefined) return [];
  if (rule === undefined) return [`expect.incidents: ${noIncidents}`];
  const companions = Object.fromEntries([...test.tables].map(([name, { schema }]) => [name, schema.companions]));
  const drafts = draftIncidents({ rule: { ...rule, plan: query.whole }, workspaceId: NO_WORKSPACE, match: 'rule', evaluation, companions });
  const messages = drafts.map((draft): unknown => {
    const bytes = activeMessage({ rule, ruleHash: 'test', workspaceId: NO_WORKSPACE, draft, revision: 1, detectedAt: test.now });
    return JSON.parse(new TextDecoder().decode(bytes));
  });
  return compareIncidentLists(test.incidents, messages);
}

export interface RuleTestOptions {
  /** Whoever runs many tests gives them the same, made with the same known schemas. */
  readonly subjects?: Subjects;
  /** A rule's name in diagnostics, by its path in the test; by default that path. */
  readonly nameOf?: (path: string) => string;
}

/**
 * Runs one test; `source` is its text. Returns what failed, one text each, empty where all is as expected. A test or a rule that cannot be
 * read is a failure too.
 */
export async function runRuleTest(
  source: string,
  known: Schemas,
  readRule: ReadRule,
  { subjects = new Subjects(known), nameOf = (path) => path }: RuleTestOptions = {},
): Promise<readonly string[]> {
  try {
    const test = readRuleTest(source, known);
    const subject = await subjects.of(test, readRule, nameOf);
    const evaluation = evaluateTest(subject.query.whole, test);
    return [...compareRows(test, evaluation), ...compareIncidents(test, subject, evaluation)];
  } catch (error) {
    if (error instanceof InvalidTest || error instanceof EvaluationLimit) return [error.message];
    throw error;
  }
}
