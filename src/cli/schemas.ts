import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../diagnostic';
import type { Schemas } from '../plan/compile-rule';
import { builtInSchemas } from '../schema/built-in';
import { parseSchemaFile } from '../schema/parse-schema-file';
import { formatDiagnostic } from '../rule/print-diagnostic';
import { allOrErrors, listFolder, readText } from './files';

export interface LoadedSchemas {
  readonly schemas: Schemas;
  /** Everything there is to say about the files, for people, in their order. */
  readonly report: readonly string[];
  readonly failed: boolean;
}

export const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** Beside rules: what it holds is known to them without being named. */
const SCHEMA_FOLDER = 'schemas';

/** The schema files that belong to the rules of a folder, in order of name. Rejects with InputError. */
async function schemaFilesBeside(folder: string): Promise<readonly string[]> {
  const schemas = join(folder, SCHEMA_FOLDER);
  if (!existsSync(schemas)) return [];
  return (await listFolder(schemas)).filter(({ name }) => name.endsWith('.json')).map(({ name }) => join(schemas, name));
}

/** The folder of rules that a path of the command line means: itself, or the one that the file is in. */
export function ruleFolder(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
}

/**
 * The built-in schemas, those in the folder `schemas` of each rule folder, and those of the files; of one name the last counts. Rejects with
 * InputError.
 */
export async function loadSchemas(files: readonly string[], ruleFolders: readonly string[] = []): Promise<LoadedSchemas> {
  const beside = (await allOrErrors([...new Set(ruleFolders)].map(schemaFilesBeside))).flat();
  const parsed = (await allOrErrors([...beside, ...files].map(readText))).map(({ file, text }) => ({
    text,
    ...parseSchemaFile(file, text),
  }));
  return {
    schemas: new Map([
      ...Object.entries(builtInSchemas),
      ...parsed.flatMap(({ schemas }) => schemas.map((schema) => [schema.name, schema] as const)),
    ]),
    report: parsed.flatMap(({ text, diagnostics }) => diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, text))),
    failed: parsed.some(({ diagnostics }) => diagnostics.some(isError)),
  };
}
