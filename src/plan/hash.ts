import { createHash } from 'node:crypto';
import type { CompiledRule } from './compiled-rule';

/** Rises with each change of name splitting, evidence columns or semantics, so that every bin is evaluated anew under a program that means something else. */
const SEMANTICS = 3;

/** SHA-256 (hex) of all that decides what a rule gives for the same rows: plan, mappings, companions, the KQL that its tables are read with, and SEMANTICS. */
export function planHash(rule: CompiledRule, sourceOf: (table: string) => string): string {
  const content = {
    semantics: SEMANTICS,
    plan: rule.plan,
    split: rule.split.splits ? rule.split.binWidth : null,
    mappings: rule.facts.entityMappings,
    companions: rule.companions,
    sources: rule.plan.tables.map(({ name }) => sourceOf(name)),
  };
  // Spans move with comments and white space, which change nothing.
  const text = JSON.stringify(content, (key, value: unknown) => (key === 'span' ? undefined : value));
  return createHash('sha256').update(text).digest('hex');
}
