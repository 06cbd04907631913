import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../diagnostic';
import { compileRule, isSchedulable } from '../plan/compile-rule';
import type { CompiledRule } from '../plan/compiled-rule';
import { parseRules } from '../rule/parse-rules';
import { formatDiagnostic } from '../rule/print-diagnostic';
import { builtInSchemas } from '../schema/built-in';

/** Rule files stand directly in the folder; exclusions.yaml beside them is no rule. */
function isRuleFile(name: string): boolean {
  return /\.ya?ml$/i.test(name) && !/^exclusions\.ya?ml$/i.test(name);
}

/**
 * Compiles every rule of a folder and writes ID.json for each that can be scheduled. Prints every diagnostic to standard error. Resolves to an
 * exit code: 1, and nothing written, where a rule has an error.
 */
export async function compileRulesFolder(folder: string, outFolder: string): Promise<number> {
  const names = (await readdir(folder)).filter(isRuleFile).sort();
  const files = await Promise.all(names.map(async (name) => ({ file: join(folder, name), text: await readFile(join(folder, name), 'utf8') })));
  const schemas = new Map(Object.entries(builtInSchemas));
  const rules: CompiledRule[] = [];
  let errors = 0;
  for (const [index, { rule: document, diagnostics }] of parseRules(files).entries()) {
    const compiled = document === undefined ? undefined : await compileRule(document, schemas);
    const all: readonly Diagnostic[] = [...diagnostics, ...(compiled?.diagnostics ?? [])];
    for (const diagnostic of all) process.stderr.write(`${formatDiagnostic(diagnostic, files[index]?.text ?? '')}\n`);
    errors += all.filter(({ severity }) => severity === 'error').length;
    if (compiled?.rule !== undefined && isSchedulable(compiled.rule)) rules.push(compiled.rule);
  }
  if (errors > 0) return 1;
  await Promise.all(rules.map((rule) => writeFile(join(outFolder, `${rule.facts.id}.json`), `${JSON.stringify(rule, undefined, 1)}\n`)));
  return 0;
}
