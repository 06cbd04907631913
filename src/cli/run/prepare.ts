import { access, constants, realpath } from 'node:fs/promises';
import type { Diagnostic } from '../../diagnostic';
import type { CompiledQuery } from '../../plan/compile-query';
import type { Schemas } from '../../plan/compile-rule';
import type { CompiledRule } from '../../plan/compiled-rule';
import { isQueryFile } from '../../rule/query-file';
import { allOrErrors, fileError } from '../files';
import { UsageError } from '../io';
import { checkRules, describeRules, findRule, folderOfRule, type CheckedRule } from '../rules';
import { isError, loadSchemas } from '../schemas';
import { checkRange, checkTables, type RunOptions } from './options';

/** What a run needs, checked. */
export interface Prepared {
  readonly rule: CompiledRule;
  readonly query: CompiledQuery;
  readonly schemas: Schemas;
  /** Whether the rows of the result are to be written instead of incidents. */
  readonly asksForResults: boolean;
}

async function readable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw fileError(`${file} cannot be read`, error);
  }
}

/** The output would take the place of what is read. */
async function checkOut(out: string | undefined, inputs: readonly string[]): Promise<void> {
  const real = (file: string): Promise<string> => realpath(file).catch(() => file);
  if (out === undefined) return;
  const [target, ...sources] = await Promise.all([out, ...inputs].map(real));
  const at = sources.findIndex((source) => source === target);
  if (at !== -1) throw new UsageError(`--out ${out} is ${inputs[at] ?? ''}, which is read: name another file`);
}

/** Where nothing gives incidents an identity, there are none. Of results it does not matter what keeps the rule from being scheduled. */
function withRunSeverity(rule: CheckedRule, asksForResults: boolean): CheckedRule {
  const raise = (diagnostic: Diagnostic): Diagnostic =>
    diagnostic.code === 'PLAN003'
      ? { ...diagnostic, severity: 'error', hint: `${diagnostic.hint} --results shows the rows of the result without them.` }
      : diagnostic;
  const diagnostics = asksForResults
    ? rule.diagnostics.filter(({ code }) => code !== 'PLAN002' && code !== 'PLAN003')
    : rule.diagnostics.map(raise);
  return { ...rule, diagnostics, failed: diagnostics.some(isError) };
}

/**
 * Reads and checks everything but the rows, and tells whatever there is to say of it, all at once. Resolves to undefined where the rule or a
 * schema has an error. Rejects with InputError where a file cannot be read, and with UsageError where the options do not go together.
 */
export async function prepare(ruleName: string, options: RunOptions, tell: (text: string) => void): Promise<Prepared | undefined> {
  checkRange(options);
  const reading = { schemas: loadSchemas(options.schema, [folderOfRule(ruleName)]), files: findRule(ruleName) };
  const inputs = options.table.map(({ file }) => file);
  await allOrErrors<unknown>([reading.schemas, reading.files, ...inputs.map(readable)]);
  const { schemas, report, failed } = await reading.schemas;

  const files = await reading.files;
  const asksForResults = options.results || files.every(({ file }) => isQueryFile(file));
  const rules = (await checkRules(files, failed ? undefined : schemas)).map((each) => withRunSeverity(each, asksForResults));
  for (const text of [...report, ...describeRules(rules)]) tell(`${text}\n`);
  const { rule, query } = rules[0]?.compiled ?? {};
  if (failed || rules.some((each) => each.failed) || rule === undefined || query === undefined) return undefined;

  checkTables(
    options.table,
    rule.plan.tables.map(({ name }) => name),
  );
  await checkOut(options.out, [...inputs, ...options.schema, ...files.map(({ file }) => file)]);
  return { rule, query, schemas, asksForResults };
}
