import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../diagnostic';
import type { Exclusion } from '../rule/exclusion';
import { parseExclusions } from '../rule/exclusions';
import { formatDiagnostic } from '../rule/print-diagnostic';
import type { Instant } from '../value/instant';
import { readText } from './files';
import type { CheckedRule } from './rules';
import { isError } from './schemas';

const names = ['exclusions.yaml', 'exclusions.yml'];

/** The exclusions that stand beside the rules of a folder. */
export interface CheckedExclusions {
  /** Undefined where the folder has none. */
  readonly file: string | undefined;
  readonly text: string;
  readonly exclusions: readonly Exclusion[];
  readonly diagnostics: readonly Diagnostic[];
  readonly failed: boolean;
}

/**
 * Reads a folder's exclusions.yaml, and checks it against the rules of the folder. With `now` those that have expired are reported too.
 * Rejects with InputError.
 */
export async function checkExclusions(folder: string, rules: readonly CheckedRule[], now?: Instant): Promise<CheckedExclusions> {
  const path = names.map((name) => join(folder, name)).find((each) => existsSync(each));
  if (path === undefined) return { file: undefined, text: '', exclusions: [], diagnostics: [], failed: false };
  const { text } = await readText(path);
  const known = rules.flatMap(({ document, compiled }) => {
    if (document === undefined) return [];
    const entityMappings = compiled?.rule?.facts.entityMappings;
    return [{ id: document.id, ...(entityMappings === undefined ? {} : { entityMappings }) }];
  });
  const { exclusions, diagnostics } = parseExclusions(path, text, { rules: known, ...(now === undefined ? {} : { now }) });
  return { file: path, text, exclusions, diagnostics, failed: diagnostics.some(isError) };
}

/** The diagnostics for people, one text each. */
export function describeExclusions({ diagnostics, text }: CheckedExclusions): readonly string[] {
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, text));
}

/** The exclusions for people: a line each, after one that names the file; '' where there is none. */
export function listExclusions({ file, exclusions }: CheckedExclusions): string {
  if (file === undefined || exclusions.length === 0) return '';
  const lines = exclusions.map(({ rule, host, account, reason, expires }) => {
    const of = [host === undefined ? [] : [`host ${host}`], account === undefined ? [] : [`account ${account}`]].flat().join(', ');
    return `  ${rule}: ${of}; ${expires === null ? 'for good' : `until ${expires}`}: ${reason.replace(/\s+/g, ' ')}\n`;
  });
  return `${file} excludes\n${lines.join('')}`;
}
