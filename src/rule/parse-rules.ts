import type { Diagnostic } from '../diagnostic';
import { ruleCodes } from './codes';
import { parseRule, type ParsedRule } from './parse-rule';
import { isQueryFile, readQueryFile } from './query-file';

export interface RuleFile {
  /** Its name in diagnostics. */
  readonly file: string;
  readonly text: string;
}

/** Reads several files of rules or of queries alone, in their order. An id that files share is reported in each of them, naming the others. */
export function parseRules(files: readonly RuleFile[]): readonly (ParsedRule & { readonly file: string })[] {
  const parsed = files.map(({ file, text }) => ({ file, ...(isQueryFile(file) ? readQueryFile : parseRule)(file, text) }));
  return parsed.map((entry) => {
    const { rule } = entry;
    if (isQueryFile(entry.file)) return entry;
    const others = parsed.filter((other) => other !== entry && rule !== undefined && other.rule?.id === rule.id);
    if (rule === undefined || others.length === 0) return entry;
    const diagnostic: Diagnostic = {
      code: 'RULE007',
      severity: ruleCodes.RULE007.severity,
      message: `the id ${rule.id} is also that of ${others.map((other) => other.file).join(', ')}`,
      hint: ruleCodes.RULE007.hint,
      file: entry.file,
      ...rule.idPlace,
    };
    return { ...entry, diagnostics: [...entry.diagnostics, diagnostic] };
  });
}
