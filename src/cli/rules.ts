import { dirname, join } from 'node:path';
import type { Diagnostic } from '../diagnostic';
import { compileRule, type CompileResult, type Schemas } from '../plan/compile-rule';
import { parseRules, type RuleFile } from '../rule/parse-rules';
import { isQueryFile } from '../rule/query-file';
import { formatDiagnostic } from '../rule/print-diagnostic';
import type { RuleDocument } from '../rule/rule-document';
import { parseGuid } from '../value/decode';
import { allOrErrors, listFolder, readText } from './files';
import { InputError } from './io';
import { isError } from './schemas';

/** Where a rule is looked for that is named by its id. */
const RULES_FOLDER = 'rules';

/** An entity mapping that could not be read; then "it maps no entity" (PLAN003) only repeats it. */
const BAD_MAPPING = ['RULE005', 'RULE024', 'RULE025'];

/** A rule file with all that its text, its query and its mappings have against it. */
export interface CheckedRule {
  readonly file: RuleFile;
  readonly document: RuleDocument | undefined;
  /** Undefined where the file could not be read as a rule, or was only read. */
  readonly compiled: CompileResult | undefined;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether a diagnostic is an error: then the rule must not be run, even where it is compiled. */
  readonly failed: boolean;
}

/** Rule files stand directly in the folder; exclusions.yaml beside them is not a rule. */
function isRuleFile(name: string): boolean {
  return /\.ya?ml$/i.test(name) && !/^exclusions\.ya?ml$/i.test(name);
}

/** The rule files of a folder, in order of name; with `queries` the files with a query alone too. Rejects with InputError. */
export async function readRulesFolder(folder: string, queries = false): Promise<readonly RuleFile[]> {
  const isWanted = (name: string): boolean => isRuleFile(name) || (queries && isQueryFile(name));
  const names = (await listFolder(folder)).filter((entry) => !entry.isDirectory() && isWanted(entry.name));
  return allOrErrors(names.map(({ name }) => readText(join(folder, name))));
}

/** Reads and compiles rules; an id that two of them share is an error of both. Without schemas they are only read. */
export async function checkRules(files: readonly RuleFile[], schemas: Schemas | undefined): Promise<readonly CheckedRule[]> {
  const checked: CheckedRule[] = [];
  for (const [index, parsed] of parseRules(files).entries()) {
    const compiled = parsed.rule === undefined || schemas === undefined ? undefined : await compileRule(parsed.rule, schemas);
    const unreadMapping = parsed.diagnostics.some(({ code }) => BAD_MAPPING.includes(code));
    const diagnostics = [...parsed.diagnostics, ...(compiled?.diagnostics ?? [])]
      .filter(({ code }) => !(unreadMapping && code === 'PLAN003'))
      .toSorted((a, b) => a.line - b.line || a.column - b.column);
    const file = files[index] ?? { file: parsed.file, text: '' };
    checked.push({ file, document: parsed.rule, compiled, diagnostics, failed: diagnostics.some(isError) });
  }
  return checked;
}

/** The diagnostics of rules for people, one text each. */
export function describeRules(rules: readonly Pick<CheckedRule, 'file' | 'diagnostics'>[]): readonly string[] {
  return rules.flatMap(({ file, diagnostics }) => diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, file.text)));
}

/** The folder of the rule that is meant by a path or an id. */
export function folderOfRule(pathOrId: string): string {
  return parseGuid(pathOrId) === undefined ? dirname(pathOrId) : RULES_FOLDER;
}

/** The rule file that is meant: by its path, or by its id the one in ./rules; both where two there share it. Rejects with InputError. */
export async function findRule(pathOrId: string): Promise<readonly RuleFile[]> {
  const id = parseGuid(pathOrId);
  if (id === undefined) return [await readText(pathOrId)];
  const files = await readRulesFolder(RULES_FOLDER);
  const rules = parseRules(files);
  const found = files.filter((_, index) => rules[index]?.rule?.id === id);
  if (found.length > 0) return found;
  const known = rules.map(({ file, rule }) => `  ${rule?.id ?? '(no readable rule)'.padEnd(36)}  ${file}`);
  throw new InputError([`no rule in ${RULES_FOLDER}/ has the id ${id}; there are`, ...known].join('\n'));
}
