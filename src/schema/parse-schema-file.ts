import { parseDocument } from 'yaml';
import type { Diagnostic } from '../diagnostic';
import { fileCodes } from '../rule/codes';
import { withoutBom } from '../rule/lines';
import { Report } from '../rule/report';
import { didYouMean } from '../rule/suggest';
import { YamlValue, type YamlMember } from '../rule/yaml-value';
import { scalarTypes, type ScalarType } from '../value/types';
import { schemasOf, type Companion, type EventTimeColumn, type SchemaFile, type TableSchema } from './schema';

export interface ParsedSchemaFile {
  /** One for each name of the table; none where a diagnostic is an error. */
  readonly schemas: readonly TableSchema[];
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

const members = ['name', 'otherNames', 'source', 'eventTime', 'columns', 'aliases', 'evidenceColumns', 'companions', 'callable'];

/**
 * Reads a schema that a user wrote, in the form of the files in src/schema/tables. JSON is YAML too, so YAML serves as well, and every
 * diagnostic has its place. `file` is only its name in diagnostics. Never throws.
 */
export function parseSchemaFile(file: string, text: string): ParsedSchemaFile {
  const report = new Report(file, withoutBom(text));
  const document = parseDocument(report.lines.text, { prettyErrors: false, logLevel: 'error' });
  for (const { message, pos } of [...document.errors, ...document.warnings]) report.add('SCHEMA001', report.place(...pos), message);
  const schemaFile =
    report.diagnostics().length > 0 ? undefined : readFile(report, new YamlValue(report, document, document.contents, report.place(0, 1)));
  const diagnostics = report.diagnostics();
  const failed = schemaFile === undefined || diagnostics.some(({ severity }) => severity === 'error');
  return { schemas: failed ? [] : schemasOf(schemaFile), diagnostics };
}

function readFile(report: Report, root: YamlValue): SchemaFile | undefined {
  if (root.members() === undefined) {
    report.add('SCHEMA003', root.place, 'the file is not an object');
    return undefined;
  }
  for (const { key, place } of root.members() ?? []) {
    if (!members.includes(key))
      report.add('SCHEMA006', place, `unknown member "${key}"`, didYouMean(key, members) + fileCodes.SCHEMA006.hint);
  }
  const name = root.member('name')?.text();
  if (name === undefined || !/^\w+$/.test(name))
    report.add('SCHEMA002', root.member('name')?.place ?? root.place, '"name" is not the name of a table');
  const columns = readColumns(report, root);
  const evidenceColumns = readTexts(report, root.member('evidenceColumns'));
  return {
    name: name ?? '',
    otherNames: readTexts(report, root.member('otherNames')),
    source: readTexts(report, root.member('source')),
    ...readEventTime(report, root.member('eventTime'), columns),
    columns,
    aliases: readAliases(report, root.member('aliases'), columns),
    evidenceColumns,
    companions: readCompanions(report, root.member('companions'), evidenceColumns),
    callable: readFlag(report, root.member('callable')),
  };
}

/** The members of an object; reports another value. */
function entries(report: Report, value: YamlValue | undefined): readonly YamlMember[] {
  const found = value?.members();
  if (value !== undefined && found === undefined) report.add('SCHEMA003', value.place, 'not an object');
  return found ?? [];
}

function readTexts(report: Report, value: YamlValue | undefined): readonly string[] {
  const items = value?.items();
  if (value !== undefined && items === undefined) report.add('SCHEMA003', value.place, 'not a list of texts');
  return (items ?? []).flatMap((item) => {
    if (item.text() === undefined) report.add('SCHEMA003', item.place, 'not a text');
    return item.text() ?? [];
  });
}

function readColumns(report: Report, root: YamlValue): Readonly<Record<string, ScalarType>> {
  const found = entries(report, root.member('columns'));
  if (found.length === 0) report.add('SCHEMA002', root.place, '"columns" is missing or empty');
  const columns = found.flatMap(({ key, value }) => {
    const type = scalarTypes.find((known) => known === value.text());
    if (type === undefined) report.add('SCHEMA004', value.place, `column ${key}: "${value.text() ?? ''}" is not a type of Kusto`);
    return type === undefined ? [] : [[key, type] as const];
  });
  return Object.fromEntries(columns);
}

function readFlag(report: Report, value: YamlValue | undefined): boolean {
  const text = value?.text() ?? 'false';
  if (value !== undefined && text !== 'true' && text !== 'false') report.add('SCHEMA003', value.place, 'neither true nor false');
  return text === 'true';
}

function readEventTime(
  report: Report,
  value: YamlValue | undefined,
  columns: Readonly<Record<string, ScalarType>>,
): { readonly eventTime?: EventTimeColumn } {
  if (value === undefined) return {};
  const eventTime = (['TimeGenerated', 'Timestamp'] as const).find((known) => known === value.text());
  if (eventTime === undefined) report.add('SCHEMA003', value.place, '"eventTime" is neither TimeGenerated nor Timestamp');
  else if (columns[eventTime] !== 'datetime') report.add('SCHEMA005', value.place, `the schema has no datetime column ${eventTime}`);
  return eventTime === undefined ? {} : { eventTime };
}

function readAliases(
  report: Report,
  value: YamlValue | undefined,
  columns: Readonly<Record<string, ScalarType>>,
): Readonly<Record<string, string>> {
  const pairs = entries(report, value).map(({ key, place, value: target }) => {
    const column = target.text() ?? '';
    if (!Object.hasOwn(columns, key)) report.add('SCHEMA005', place, `the schema has no column "${key}"`);
    if (!Object.hasOwn(columns, column)) report.add('SCHEMA005', target.place, `the schema has no column "${column}"`);
    return [key, column] as const;
  });
  return Object.fromEntries(pairs);
}

function readCompanions(
  report: Report,
  value: YamlValue | undefined,
  evidence: readonly string[],
): Readonly<Record<string, readonly Companion[]>> {
  const pairs = entries(report, value).map(({ key, value: list }) => {
    if (list.items() === undefined) report.add('SCHEMA003', list.place, `the companions of ${key} are not a list`);
    return [key, (list.items() ?? []).map((item) => readCompanion(report, item, evidence))] as const;
  });
  return Object.fromEntries(pairs);
}

function readCompanion(report: Report, item: YamlValue, evidence: readonly string[]): Companion {
  const text = (owner: YamlValue, name: string): string => {
    const found = owner.member(name)?.text();
    if (found === undefined) report.add('SCHEMA003', owner.place, `a companion without "${name}"`);
    return found ?? '';
  };
  const read = (owner: YamlValue): string => {
    const column = text(owner, 'column');
    if (column !== '' && !evidence.includes(column))
      report.add('SCHEMA005', owner.place, `the companion ${column} is not read`, 'Add the column to evidenceColumns.');
    return column;
  };
  const when = item.member('when');
  const condition = when === undefined ? {} : { when: { column: read(when), equals: text(when, 'equals') } };
  return { column: read(item), identifier: text(item, 'identifier'), ...condition };
}
