import type { EntityMappingDocument, RuleDocument } from './rule-document';

/**
 * The columns that named entities before rules had entityMappings, and what they stand for.
 * Sources: https://learn.microsoft.com/azure/sentinel/map-data-fields-to-entities, and the list in the checks of
 * https://github.com/Azure/Azure-Sentinel (NewEntityMappingsAttribute.cs). Its ProcessCustomEntity is not here: rules use it for
 * the process's id and for its path alike.
 */
const oldColumns: readonly { readonly entityType: string; readonly fields: Readonly<Record<string, string>> }[] = [
  { entityType: 'Account', fields: { AccountCustomEntity: 'FullName' } },
  { entityType: 'Host', fields: { HostCustomEntity: 'FullName' } },
  { entityType: 'IP', fields: { IPCustomEntity: 'Address' } },
  { entityType: 'URL', fields: { URLCustomEntity: 'Url' } },
  { entityType: 'FileHash', fields: { FileHashCustomEntity: 'Value', AlgorithmCustomEntity: 'Algorithm' } },
];

/**
 * The mappings that the old columns among the query's result columns stand for, for a rule without entityMappings; none where there are
 * no such columns. Their places are that of the rule's query.
 */
export function legacyEntityMappings(rule: RuleDocument, resultColumnNames: readonly string[]): readonly EntityMappingDocument[] {
  return oldColumns.flatMap(({ entityType, fields }) => {
    const columns = Object.keys(fields);
    if (!resultColumnNames.includes(columns[0] ?? '')) return [];
    const fieldMappings = columns
      .filter((columnName) => resultColumnNames.includes(columnName))
      .map((columnName) => ({
        identifier: fields[columnName] ?? '',
        identifierPlace: rule.queryPlace,
        columnName,
        columnNamePlace: rule.queryPlace,
      }));
    return [{ entityType, entityTypePlace: rule.queryPlace, fieldMappings }];
  });
}
