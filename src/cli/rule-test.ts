import { evaluate } from '../engine/evaluate';
import type { Evaluation, SourceRow } from '../engine/rows';
import { draftIncidents } from '../incident/draft';
import { activeMessage } from '../incident/message';
import { parseQuery } from '../kql/parse';
import type { QueryProblem } from '../kql/problem';
import { compileQuery, type CompiledQuery } from '../plan/compile-query';
import { compileRule, databaseOf, type Schemas } from '../plan/compile-rule';
import type { CompiledRule } from '../plan/compiled-rule';
import type { Plan, TablePlan } from '../plan/plan';
import { parseRule } from '../rule/parse-rule';
import { formatDiagnostic } from '../rule/print-diagnostic';
import { decodeCell } from '../value/decode';
import type { Value } from '../value/types';
import { compareRows, compareIncidentLists } from './rule-test-compare';
import { InvalidTest, readRuleTest, type RuleTestFile, type TestTable } from './rule-test-file';

/** Stands for a workspace where there is none. */
export const NO_WORKSPACE = '00000000-0000-0000-0000-000000000000';

/** Reads a file that a test names; the path is relative to the test's folder. Undefined where there is none. */
export type ReadRule = (path: string) => Promise<string | undefined>;

interface Subject {
  readonly query: CompiledQuery;
  readonly rule: CompiledRule | undefined;
}

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
    const evidence = table.evidenceColumns.map((column) => {
      const cell = row[column];
      return cell === undefined || cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell as string | bigint | boolean);
    });
    return { table: name, values: table.columns.map((column) => values.get(column.name) ?? null), evidence };
  });
}

function evaluateTest(plan: Plan, test: RuleTestFile): Evaluation {
  const rows = new Map(
    plan.tables.map((table): [string, readonly SourceRow[]] => {
      const given = test.tables.get(table.name);
      if (given === undefined) throw new InvalidTest(`the rule reads ${table.name}, which tables does not have: add it, if only with rows: []`);
      return [table.name, cells(table, table.name, given)];
    }),
  );
  return evaluate(plan, (name) => rows.get(name) ?? [], { now: test.now });
}

const firstError = (problems: readonly QueryProblem[]): string => {
  const problem = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  return problem === undefined ? 'the query does not compile' : `the query is refused: ${problem.code}: ${problem.message} ${problem.hint}`;
};

async function compileSubject(test: RuleTestFile, schemas: Schemas, readRule: ReadRule): Promise<Subject> {
  const { subject } = test;
  if ('query' in subject) {
    const database = databaseOf(schemas);
    const { query, columns, problems } = await parseQuery(subject.query, database);
    if (query === undefined) throw new InvalidTest(firstError(problems));
    const compiled = compileQuery(query, columns, database, schemas);
    if ('problem' in compiled) throw new InvalidTest(firstError([compiled.problem]));
    return { query: compiled, rule: undefined };
  }
  const source = await readRule(subject.rule);
  if (source === undefined) throw new InvalidTest(`there is no rule file ${subject.rule}; the path counts from the test's own folder`);
  const { rule: document, diagnostics } = parseRule(subject.rule, source);
  const compiled = document === undefined ? undefined : await compileRule(document, schemas);
  if (compiled?.query === undefined) {
    const all = [...diagnostics, ...(compiled?.diagnostics ?? [])].filter(({ severity }) => severity === 'error');
    throw new InvalidTest(`the rule is refused:\n${all.map((diagnostic) => formatDiagnostic(diagnostic, source)).join('\n')}`);
  }
  return { query: compiled.query, rule: compiled.rule };
}

function compareIncidents(test: RuleTestFile, { rule, query }: Subject, evaluation: Evaluation): readonly string[] {
  if (test.incidents === undefined) return [];
  if (rule === undefined || rule.facts.entityMappings.length === 0) return ['expect.incidents: only a rule with entity mappings makes incidents'];
  if (!rule.split.splits) return [`expect.incidents: the rule has no bin that an incident could be in: ${rule.split.reason}`];
  const companions = Object.fromEntries([...test.tables].map(([name, { schema }]) => [name, schema.companions]));
  const drafts = draftIncidents({ rule: { ...rule, plan: query.whole }, workspaceId: NO_WORKSPACE, match: 'rule', evaluation, companions });
  const messages = drafts.map((draft): unknown => {
    const bytes = activeMessage({ rule, ruleHash: 'test', workspaceId: NO_WORKSPACE, draft, revision: 1, detectedAt: test.now });
    return JSON.parse(new TextDecoder().decode(bytes));
  });
  return compareIncidentLists(test.incidents, messages);
}

/**
 * Runs one test; `source` is its text. Returns what failed, one text each, empty where all is as expected. A test or a rule that cannot be
 * read is a failure too.
 */
export async function runRuleTest(source: string, known: Schemas, readRule: ReadRule): Promise<readonly string[]> {
  try {
    const test = readRuleTest(source, known);
    const schemas = new Map([...known, ...[...test.tables].map(([name, { schema }]) => [name, schema] as const)]);
    const subject = await compileSubject(test, schemas, readRule);
    const evaluation = evaluateTest(subject.query.whole, test);
    return [...compareRows(test, evaluation), ...compareIncidents(test, subject, evaluation)];
  } catch (error) {
    if (error instanceof InvalidTest) return [error.message];
    throw error;
  }
}
