import type { Diagnostic, Span } from '../../diagnostic';
import { toDiagnostic, type Schemas } from '../../plan/compile-rule';
import type { CompiledRule } from '../../plan/compiled-rule';
import type { RuleFile } from '../../rule/parse-rules';
import type { Place } from '../../rule/report';
import type { RuleDocument } from '../../rule/rule-document';
import { wiseCodes, type WiseCode } from './codes';

/** A rule as its checks see it: its file, what the file says, and what came of it. */
export interface CheckSubject {
  readonly file: RuleFile;
  readonly document: RuleDocument;
  readonly rule: CompiledRule;
  readonly schemas: Schemas;
}

/** Something unwise, at a span of the query or a place in the file. */
export interface Finding {
  readonly code: WiseCode;
  readonly message: string;
  readonly at: Span | Place;
}

/** Looks for one kind of unwise thing. Pure. */
export type Check = (subject: CheckSubject) => readonly Finding[];

export function findingDiagnostic({ code, message, at }: Finding, document: RuleDocument): Diagnostic {
  const { severity, hint } = wiseCodes[code];
  if ('start' in at) return toDiagnostic(document, { code, severity, message, hint, span: at });
  return { code, severity, message, hint, file: document.file, ...at };
}

/** The place of each of the rule's entity mappings, in their order; old columns are mapped by the query. */
export function mappingPlaces({ document, rule }: CheckSubject): readonly Place[] {
  return rule.facts.entityMappings.map((_, index) => document.entityMappings?.[index]?.entityTypePlace ?? document.queryPlace);
}
