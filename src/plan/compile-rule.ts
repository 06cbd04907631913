import type { Diagnostic } from '../diagnostic';
import type { DatabaseSchema } from '../kql/database';
import { parseQuery } from '../kql/parse';
import type { QueryProblem } from '../kql/problem';
import { legacyEntityMappings } from '../rule/legacy-entity-mappings';
import { isQueryFile } from '../rule/query-file';
import type { EntityMappingDocument, RuleDocument } from '../rule/rule-document';
import type { TableSchema } from '../schema/schema';
import { planCodes } from './codes';
import { compileQuery, type CompiledQuery } from './compile-query';
import type { CompiledRule, EntityMapping } from './compiled-rule';
import { originsOf } from './origins';
import type { PlanNode } from './plan';
import { splitPairsOf } from './split-pairs';

export type Schemas = ReadonlyMap<string, TableSchema>;

export interface CompileResult {
  /** Undefined where a diagnostic is an error. */
  readonly rule: CompiledRule | undefined;
  /** The plan for a given now(), for tests and runs over a range. */
  readonly query: CompiledQuery | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function databaseOf(schemas: Schemas): DatabaseSchema {
  return { tables: [...schemas.values()] };
}

/** A place in the query text as a place in the rule's file; what goes over the end of a line is cut there. */
export function toDiagnostic(rule: RuleDocument, problem: QueryProblem): Diagnostic {
  const { code, severity, message, hint, span } = problem;
  const start = rule.queryPosition(span.start);
  const firstLine = rule.query.slice(span.start, span.end).split('\n', 1)[0] ?? '';
  const end = rule.queryPosition(span.start + firstLine.length);
  const length = end.line === start.line ? end.column - start.column : 1;
  return { code, severity, message, hint, file: rule.file, line: start.line, column: start.column, length: Math.max(1, length) };
}

function resolveMappings(
  documents: readonly EntityMappingDocument[],
  columns: ReadonlySet<string>,
  root: PlanNode,
  file: string,
): { readonly mappings: readonly EntityMapping[]; readonly diagnostics: readonly Diagnostic[] } {
  const missing = documents.flatMap(({ fieldMappings }) => fieldMappings).filter(({ columnName }) => !columns.has(columnName));
  const diagnostics = missing.map(({ columnName, columnNamePlace }): Diagnostic => ({
    code: 'PLAN001',
    severity: 'error',
    message: `an entity is mapped to ${columnName}, which is not a column of the query's result`,
    hint: `Map it to one of ${[...columns].join(', ')}.`,
    file,
    ...columnNamePlace,
  }));
  const mappings = documents.map(({ entityType, fieldMappings }) => ({
    entityType,
    fieldMappings: fieldMappings.map(({ identifier, columnName }) => ({ identifier, columnName, origins: originsOf(root, columnName) })),
  }));
  return { mappings, diagnostics };
}

/**
 * A rule's plan, proofs and facts, with every diagnostic of its query and mappings. A rule that runs but cannot be scheduled gets a warning
 * that says why (PLAN002: it does not split by bin; PLAN003: it names no entity).
 */
export async function compileRule(document: RuleDocument, schemas: Schemas): Promise<CompileResult> {
  const parsed = await parseQuery(document.query, databaseOf(schemas));
  const diagnostics = parsed.problems.map((problem) => toDiagnostic(document, problem));
  if (parsed.query === undefined) return { rule: undefined, query: undefined, diagnostics };

  const query = compileQuery(parsed.query, parsed.columns, databaseOf(schemas), schemas);
  if ('problem' in query)
    return { rule: undefined, query: undefined, diagnostics: [...diagnostics, toDiagnostic(document, query.problem)] };

  const columnNames = query.whole.columns.map(({ name }) => name);
  const documents = document.entityMappings ?? legacyEntityMappings(document, columnNames);
  const resolved = resolveMappings(documents, new Set(columnNames), query.scheduled.root, document.file);
  diagnostics.push(...resolved.diagnostics);
  if (!query.split.splits) {
    diagnostics.push(
      toDiagnostic(document, {
        code: 'PLAN002',
        severity: 'warning',
        message: `the rule cannot be scheduled: ${query.split.reason}`,
        hint: planCodes.PLAN002.hint,
        span: query.split.span,
      }),
    );
  }
  if (documents.length === 0) {
    diagnostics.push({
      code: 'PLAN003',
      severity: 'warning',
      message: 'the rule cannot be scheduled: it maps no entity, so its incidents would have no identity',
      hint: isQueryFile(document.file)
        ? "Put the query into a rule's YAML, with id, name and entityMappings; `hunt run` shows its rows as it is."
        : 'Add entityMappings, for example Host and Account.',
      file: document.file,
      ...document.queryPlace,
    });
  }
  if (resolved.diagnostics.length > 0) return { rule: undefined, query, diagnostics };
  return {
    query,
    diagnostics,
    rule: {
      formatVersion: 1,
      facts: {
        id: document.id,
        name: document.name,
        description: document.description,
        severity: document.severity ?? 'Medium',
        tactics: document.tactics,
        techniques: document.relevantTechniques,
        entityMappings: resolved.mappings,
      },
      query: document.query,
      plan: query.scheduled,
      split: query.split,
      monotone: query.monotone,
      splitPairs: splitPairsOf({
        root: query.scheduled.root,
        eventTime: (table) => query.scheduled.tables.find(({ name }) => name === table)?.eventTime,
        split: query.split,
        monotone: query.monotone,
        mapped: resolved.mappings.flatMap(({ fieldMappings }) => fieldMappings.map(({ columnName }) => columnName)),
      }),
      companions: Object.fromEntries(query.scheduled.tables.map(({ name }) => [name, schemas.get(name)?.companions ?? {}])),
    },
  };
}

/** Whether a cycle can run the rule: it splits by bin, and its incidents have an identity. */
export function isSchedulable({ split, facts }: CompiledRule): boolean {
  return split.splits && facts.entityMappings.length > 0;
}
