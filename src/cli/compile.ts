import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledExclusionsFile, type CompiledExclusions } from '../hunt/exclusions';
import { isSchedulable } from '../plan/compile-rule';
import type { CompiledRule } from '../plan/compiled-rule';
import { checkExclusions, describeExclusions } from './exclusions';
import { fileError } from './files';
import { exitCodes, InputError, type ExitCode } from './io';
import { checkRules, describeRules, readRulesFolder } from './rules';
import { loadSchemas } from './schemas';

/**
 * Compiles every rule of a folder and writes ID.json for each that can be scheduled; the warnings PLAN002 and PLAN003 say why another cannot.
 * Beside them it writes exclusions.json: what exclusions.yaml in the folder says, an empty list where there is none.
 * Tells every diagnostic, by default to standard error. Resolves to an exit code: 1 where a rule has an error, where there is none, or where
 * a file cannot be read or written; nothing is written then, unless the disk failed meanwhile.
 */
export async function compileRulesFolder(
  folder: string,
  outFolder: string,
  tell: (text: string) => void = (text) => void process.stderr.write(text),
): Promise<ExitCode> {
  try {
    const files = await readRulesFolder(folder);
    if (files.length === 0) throw new InputError(`${folder} holds no rule: put rules there as .yaml or .yml files`);
    const { schemas, report, failed } = await loadSchemas([], [folder]);
    for (const text of report) tell(`${text}\n`);
    const rules = await checkRules(files, failed ? undefined : schemas);
    const excluded = await checkExclusions(folder, rules);
    for (const text of [...describeRules(rules), ...describeExclusions(excluded)]) tell(`${text}\n`);
    if (failed || rules.some((rule) => rule.failed) || excluded.failed) return exitCodes.failed;
    const schedulable = rules.flatMap(({ compiled }) => compiled?.rule ?? []).filter(isSchedulable);
    await writeCompiled(schedulable, { formatVersion: 1, exclusions: excluded.exclusions }, outFolder);
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tell(`error: ${error.message}\n`);
    return exitCodes.failed;
  }
}

async function writeCompiled(rules: readonly CompiledRule[], exclusions: CompiledExclusions, folder: string): Promise<void> {
  const write = (name: string, value: unknown): Promise<void> => writeFile(join(folder, name), `${JSON.stringify(value, undefined, 1)}\n`);
  try {
    await mkdir(folder, { recursive: true });
    for (const rule of rules) await write(`${rule.facts.id}.json`, rule);
    await write(compiledExclusionsFile, exclusions);
  } catch (error) {
    throw fileError(`the compiled rules cannot be written to ${folder}`, error);
  }
}
