import { Lines, withoutBom } from './lines';
import type { ParsedRule } from './parse-rule';
import { Report } from './report';

/** What a query has in the place of a rule's id. No rule should have it. */
export const NO_RULE_ID = '00000000-0000-0000-0000-000000000000';

/** Whether the file holds a query alone, as KQL tools save it, and not a rule's YAML. */
export function isQueryFile(file: string): boolean {
  return /\.(?:kql|csl|kusto)$/i.test(file);
}

/** Reads a query alone as a rule that maps no entity: it can be checked, explained and run, and makes no incidents. Never throws. */
export function readQueryFile(file: string, text: string): ParsedRule {
  const lines = new Lines(withoutBom(text));
  const report = new Report(file, lines.text);
  if (lines.text.trim() === '') {
    report.add('RULE004', report.place(0, 1), 'the file holds no query', 'Write the query into it, as plain text.');
    return { diagnostics: report.diagnostics() };
  }
  const start = report.place(0, 1);
  return {
    diagnostics: [],
    rule: {
      file,
      id: NO_RULE_ID,
      idPlace: start,
      name: file.replace(/^.*[\\/]/, '').replace(/\.[^.]+$/, ''),
      description: '',
      severity: undefined,
      tactics: [],
      relevantTechniques: [],
      tags: [],
      query: lines.text,
      queryPlace: start,
      queryPosition: (offset) => lines.position(Math.max(offset, 0)),
      entityMappings: [],
      queryFrequency: undefined,
      queryPeriod: undefined,
      queryPeriodPlace: undefined,
      triggerOperator: undefined,
      triggerThreshold: undefined,
    },
  };
}
