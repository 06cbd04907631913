import type { Diagnostic } from '../../diagnostic';
import type { Schemas } from '../../plan/compile-rule';
import type { CheckedRule } from '../rules';
import { emptyValues } from './empty-values';
import { findingDiagnostic, type Check } from './finding';
import { lookBack } from './look-back';
import { estimates, longQuery, readsEveryRow, splitPairs, undocumented } from './plan-checks';
import { weakEntities } from './weak-entities';

const checks: readonly Check[] = [weakEntities, emptyValues, lookBack, splitPairs, estimates, undocumented, longQuery, readsEveryRow];

/** The rule with what is legal but unwise in it among its diagnostics, in the order of the file. A rule that does not compile has none of that. */
export function advise(checked: CheckedRule, schemas: Schemas): CheckedRule {
  const { file, document, compiled } = checked;
  const rule = compiled?.rule;
  if (document === undefined || rule === undefined) return checked;
  const found = checks.flatMap((check): readonly Diagnostic[] =>
    check({ file, document, rule, schemas }).map((finding) => findingDiagnostic(finding, document)),
  );
  return { ...checked, diagnostics: [...checked.diagnostics, ...found].toSorted((a, b) => a.line - b.line || a.column - b.column) };
}
