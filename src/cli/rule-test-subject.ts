import { parseQuery } from '../kql/parse';
import type { QueryProblem } from '../kql/problem';
import { compileQuery, type CompiledQuery } from '../plan/compile-query';
import { databaseOf, type Schemas } from '../plan/compile-rule';
import type { CompiledRule } from '../plan/compiled-rule';
import type { RuleFile } from '../rule/parse-rules';
import { InputError } from './io';
import { InvalidTest, type RuleTestFile } from './rule-test-file';
import { checkRules, describeRules } from './rules';
import { isError } from './schemas';

/** What a test is about, compiled for the tables as the test describes them. */
export interface Subject {
  readonly query: CompiledQuery;
  /** Undefined for a bare query, and for a rule that has errors: its query can be tested, but it makes no incidents. */
  readonly rule: CompiledRule | undefined;
  /** Why it makes none. */
  readonly noIncidents: string;
}

/** Reads a file that a test names; the path is relative to the test's folder. Rejects with InputError. */
export type ReadRule = (path: string) => Promise<string>;

/**
 * Compiles what tests are about, each once: most tests of a rule describe the same tables, and the parser takes longer than the test.
 * For one set of known schemas.
 */
export class Subjects {
  private readonly compiled = new Map<string, Promise<Subject>>();
  private readonly known: Schemas;

  constructor(known: Schemas) {
    this.known = known;
  }

  /** `nameOf` gives a rule's name in diagnostics, by its path in the test. Rejects with InvalidTest where it cannot be compiled. */
  async of({ subject, ...test }: RuleTestFile, readRule: ReadRule, nameOf: (path: string) => string): Promise<Subject> {
    const source = 'query' in subject ? subject.query : { file: nameOf(subject.rule), text: await readRuleOf(subject.rule, readRule) };
    const tables = [...test.tables].map(([name, { schema }]) => [name, schema] as const);
    const key = JSON.stringify([source, tables]);
    const schemas = new Map([...this.known, ...tables]);
    const found = this.compiled.get(key) ?? (typeof source === 'string' ? compileText(source, schemas) : compileRuleFile(source, schemas));
    this.compiled.set(key, found);
    return found;
  }
}

async function readRuleOf(path: string, readRule: ReadRule): Promise<string> {
  try {
    return await readRule(path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InvalidTest(`rule: ${error.message}; its path counts from the test's own folder`, { cause: error });
  }
}

async function compileText(text: string, schemas: Schemas): Promise<Subject> {
  const database = databaseOf(schemas);
  const { query, columns, problems } = await parseQuery(text, database);
  if (query === undefined) throw refusal(problems);
  const compiled = compileQuery(query, columns, database, schemas);
  if ('problem' in compiled) throw refusal([compiled.problem]);
  return { query: compiled, rule: undefined, noIncidents: 'only a rule with entity mappings makes incidents' };
}

function refusal(problems: readonly QueryProblem[]): InvalidTest {
  const problem = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  return new InvalidTest(
    problem === undefined ? 'the query does not compile' : `the query is refused: ${problem.code}: ${problem.message} ${problem.hint}`,
  );
}

async function compileRuleFile(file: RuleFile, schemas: Schemas): Promise<Subject> {
  const [checked] = await checkRules([file], schemas);
  const errors = describeRules([{ file, diagnostics: (checked?.diagnostics ?? []).filter(isError) }]).join('\n');
  if (checked?.compiled?.query === undefined) throw new InvalidTest(`the rule is refused:\n${errors}`);
  const { query, rule } = checked.compiled;
  if (checked.failed || rule === undefined) return { query, rule: undefined, noIncidents: `the rule is refused:\n${errors}` };
  if (rule.facts.entityMappings.length === 0)
    return { query, rule: undefined, noIncidents: 'only a rule with entity mappings makes incidents' };
  if (!rule.split.splits)
    return { query, rule: undefined, noIncidents: `the rule has no bin that an incident could be in: ${rule.split.reason}` };
  return { query, rule, noIncidents: '' };
}
