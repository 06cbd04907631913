import type { Schemas } from '../../plan/compile-rule';
import type { CompiledRule } from '../../plan/compiled-rule';
import { columnSources, type ColumnSource } from '../column-sources';
import type { EntityText } from './explanation';

function fromText(sources: readonly ColumnSource[]): string {
  const columns = [...new Set(sources.map(({ table, column }) => `${table}.${column}`))].join(' and ');
  if (columns === '') return 'computed by the query';
  return sources.some(({ change }) => change !== 'same') ? `computed from ${columns}` : columns;
}

/** Each mapping: the columns that it names, where their values come from, and what the source rows can add. */
export function describeEntities({ facts, plan }: CompiledRule, schemas: Schemas): readonly EntityText[] {
  return facts.entityMappings.map(({ entityType, fieldMappings }) => {
    const companions = fieldMappings.flatMap(({ origins }) =>
      origins.flatMap(({ table, column }) =>
        (schemas.get(table)?.companions[column] ?? []).map(
          ({ identifier, column: companion, when }) =>
            `${identifier} from ${companion}${when === undefined ? '' : ` where ${when.column} is ${when.equals}`}`,
        ),
      ),
    );
    return {
      entityType,
      fields: fieldMappings.map(({ identifier, columnName }) => ({
        identifier,
        column: columnName,
        from: fromText(columnSources(plan.root, columnName)),
      })),
      companions: [...new Set(companions)],
    };
  });
}
