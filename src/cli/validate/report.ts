import type { Diagnostic, Severity } from '../../diagnostic';
import { isSchedulable } from '../../plan/compile-rule';
import { formatDiagnostic } from '../../rule/print-diagnostic';
import type { Exclusion } from '../../rule/exclusion';
import { counted, grouped } from '../../value/counted';
import { listExclusions, type CheckedExclusions } from '../exclusions';
import type { CheckedRule } from '../rules';

/** A diagnostic, and the text that its place is in. */
export interface Said {
  readonly diagnostic: Diagnostic;
  readonly text: string;
}

/** What `hunt validate` found. */
export interface Validation {
  readonly said: readonly Said[];
  readonly rules: readonly CheckedRule[];
  /** Of each folder. */
  readonly excluded: readonly CheckedExclusions[];
  /** Whether every path could be read. */
  readonly isWhole: boolean;
}

/** What `--format json` writes; documented in the command's help. */
interface JsonReport {
  readonly diagnostics: readonly Diagnostic[];
  readonly exclusions: readonly (Exclusion & { readonly file: string })[];
  readonly rules: number;
  readonly errors: number;
  readonly warnings: number;
  readonly information: number;
  readonly schedulable: number;
}

function toJson({ said, rules, excluded }: Validation): JsonReport {
  const diagnostics = said.map(({ diagnostic }) => diagnostic);
  const count = (severity: Severity): number => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return {
    diagnostics,
    exclusions: excluded.flatMap(({ file = '', exclusions }) => exclusions.map((exclusion) => ({ file, ...exclusion }))),
    rules: rules.length,
    errors: count('error'),
    warnings: count('warning'),
    information: count('information'),
    schedulable: rules.filter(({ failed, compiled }) => !failed && compiled?.rule !== undefined && isSchedulable(compiled.rule)).length,
  };
}

export function jsonReport(validation: Validation): string {
  return `${JSON.stringify(toJson(validation), undefined, 2)}\n`;
}

/** For people: each diagnostic with its line and a caret, and a line that counts. */
export function textReport(validation: Validation): string {
  const { rules, errors, warnings, schedulable } = toJson(validation);
  const texts = validation.said.map(({ diagnostic, text }) => `${formatDiagnostic(diagnostic, text)}\n\n`);
  const listed = validation.excluded.map(listExclusions).filter((text) => text !== '');
  return `${[...texts, ...listed.map((text) => `${text}\n`)].join('')}${counted(rules, 'rule')}, ${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${grouped(schedulable)} can be scheduled\n`;
}
