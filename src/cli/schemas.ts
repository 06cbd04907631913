import type { Diagnostic } from '../diagnostic';
import type { Schemas } from '../plan/compile-rule';
import { builtInSchemas } from '../schema/built-in';
import { parseSchemaFile } from '../schema/parse-schema-file';
import { formatDiagnostic } from '../rule/print-diagnostic';
import { allOrErrors, readText } from './files';

export interface LoadedSchemas {
  readonly schemas: Schemas;
  /** Everything there is to say about the files, for people, in their order. */
  readonly report: readonly string[];
  readonly failed: boolean;
}

export const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** The built-in schemas and those of the files; a file's takes the place of a built-in one of the same name. Rejects with InputError. */
export async function loadSchemas(files: readonly string[]): Promise<LoadedSchemas> {
  const parsed = (await allOrErrors(files.map(readText))).map(({ file, text }) => ({ text, ...parseSchemaFile(file, text) }));
  return {
    schemas: new Map([
      ...Object.entries(builtInSchemas),
      ...parsed.flatMap(({ schemas }) => schemas.map((schema) => [schema.name, schema] as const)),
    ]),
    report: parsed.flatMap(({ text, diagnostics }) => diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, text))),
    failed: parsed.some(({ diagnostics }) => diagnostics.some(isError)),
  };
}
