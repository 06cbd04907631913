import { didYouMean } from './suggest';
import { canonicalName, entityTypes } from './entity-types';
import type { Report } from './report';
import type { EntityMappingDocument, FieldMappingDocument } from './rule-document';
import type { YamlValue } from './yaml-value';

/** Sentinel's limits: https://learn.microsoft.com/azure/sentinel/map-data-fields-to-entities */
const MAX_MAPPINGS = 10;
const MAX_IDENTIFIERS = 3;

/** The mappings that can be used; what cannot is reported. Undefined where nothing is mapped. */
export function readEntityMappings(report: Report, value: YamlValue): readonly EntityMappingDocument[] | undefined {
  const items = value.items();
  if (items === undefined) {
    report.add('RULE005', value.place, '"entityMappings" is not a list');
    return undefined;
  }
  const extra = items[MAX_MAPPINGS];
  if (extra !== undefined) report.add('RULE027', extra.place, `${items.length} entity mappings; Sentinel takes ${MAX_MAPPINGS}`);
  const mappings = items.map((item) => readMapping(report, item)).filter((mapping) => mapping !== undefined);
  return mappings.length === 0 ? undefined : mappings;
}

function readMapping(report: Report, item: YamlValue): EntityMappingDocument | undefined {
  reportOtherMembers(report, item, ['entityType', 'fieldMappings']);
  const type = requiredText(report, item, 'entityType');
  const fields = item.member('fieldMappings')?.items();
  if (fields === undefined || fields.length === 0) {
    report.add('RULE005', item.place, 'an entity mapping without a list of "fieldMappings"');
    return undefined;
  }
  if (type === undefined) return undefined;
  const typeNames = Object.keys(entityTypes);
  const entityType = canonicalName(typeNames, type.text);
  if (entityType === undefined) {
    report.add(
      'RULE024',
      type.place,
      `Sentinel has no entity type "${type.text}"`,
      `${didYouMean(type.text, typeNames)}The types are ${typeNames.join(', ')}.`,
    );
    return undefined;
  }
  const extra = fields[MAX_IDENTIFIERS];
  if (extra !== undefined)
    report.add('RULE027', extra.place, `${fields.length} identifiers of one ${entityType}; Sentinel takes ${MAX_IDENTIFIERS}`);
  const fieldMappings: FieldMappingDocument[] = [];
  for (const field of fields) {
    const mapping = readField(report, entityType, field);
    if (mapping === undefined) continue;
    if (fieldMappings.some((other) => other.identifier === mapping.identifier))
      report.add('RULE026', mapping.identifierPlace, `${entityType} ${mapping.identifier} is mapped twice`);
    else fieldMappings.push(mapping);
  }
  return fieldMappings.length === 0 ? undefined : { entityType, entityTypePlace: type.place, fieldMappings };
}

function readField(report: Report, entityType: string, field: YamlValue): FieldMappingDocument | undefined {
  reportOtherMembers(report, field, ['identifier', 'columnName']);
  const written = requiredText(report, field, 'identifier');
  const column = requiredText(report, field, 'columnName');
  if (written === undefined || column === undefined) return undefined;
  const identifiers = entityTypes[entityType] ?? [];
  const identifier = canonicalName(identifiers, written.text);
  if (identifier === undefined) {
    const hint = `${didYouMean(written.text, identifiers)}The identifiers of ${entityType} are ${identifiers.join(', ')}.`;
    report.add('RULE025', written.place, `${entityType} has no identifier "${written.text}"`, hint);
    return undefined;
  }
  return { identifier, identifierPlace: written.place, columnName: column.text.trim(), columnNamePlace: column.place };
}

function requiredText(report: Report, value: YamlValue, name: string): { text: string; place: YamlValue['place'] } | undefined {
  const member = value.member(name);
  const text = member?.text();
  if (member !== undefined && text !== undefined && text.trim() !== '') return { text, place: member.place };
  report.add(
    'RULE005',
    member?.place ?? value.place,
    `an entity mapping without ${name === 'entityType' ? 'an' : 'a'} "${name}" that is a text`,
  );
  return undefined;
}

function reportOtherMembers(report: Report, value: YamlValue, known: readonly string[]): void {
  for (const member of value.members() ?? []) {
    if (!known.includes(member.key))
      report.add(
        'RULE008',
        member.place,
        `an entity mapping has no member "${member.key}"`,
        `${didYouMean(member.key, known)}It has no effect here.`,
      );
  }
}
