import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { validateMessage } from '../../src/incident/validate-message';
import { message } from '../support/ingestion';
import { temporaryFolder } from '../support/temporary-folder';

/** What the build puts in the place of src/incident/validate-message.ts says the same as the schema's own validator. */

const run = promisify(execFile);

/** Bundles the module as the build does, and prints what it says of each value in the file. */
const script = (file: string, bundle: string): string => `
  import { readFile } from 'node:fs/promises';
  import { build } from 'esbuild';
  import { incidentValidator } from ${JSON.stringify(pathToFileURL(resolve('scripts/incident-validator.mjs')).href)};
  await build({
    entryPoints: ['src/incident/validate-message.ts'],
    outfile: ${JSON.stringify(bundle)},
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [incidentValidator],
    logLevel: 'warning',
  });
  const { validateMessage } = await import(${JSON.stringify(pathToFileURL(bundle).href)});
  const values = JSON.parse(await readFile(${JSON.stringify(file)}, 'utf8'));
  process.stdout.write(JSON.stringify(values.map((value) => [validateMessage(value), validateMessage.errors?.[0]?.instancePath ?? null])));
`;

const odd: readonly unknown[] = [null, true, -1, 1.5, '', 'x', [], [''], {}, { a: 1 }];

/** The message with each value in it replaced by something odd, or gone. */
function* mutations(value: unknown, rebuild: (changed: unknown) => unknown): Generator {
  for (const other of odd) yield rebuild(other);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const change = (changed: unknown): unknown => {
      const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
      Reflect.set(copy, name, changed);
      return rebuild(copy);
    };
    yield* mutations(member, change);
    yield change(undefined);
  }
}

it('says the same of a message with anything in it replaced or gone', async () => {
  const withdrawn = message(2, {
    status: 'withdrawn',
    reason: 'superseded',
    evidence: { ...message(2).evidence, resultCount: 0, rowCount: 0, copyCount: 0 },
  });
  const values = [message(1), withdrawn].flatMap((each) => [each, ...mutations(each, (changed) => changed)]);
  // As both see them: what is undefined is not there.
  const seen = JSON.parse(JSON.stringify(values)) as unknown[];
  const folder = await temporaryFolder();
  try {
    const file = join(folder.path, 'values.json');
    await writeFile(file, JSON.stringify(seen));
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script(file, join(folder.path, 'validator.mjs'))], {
      maxBuffer: 64 * 1024 * 1024,
    });
    const expected = seen.map((value) => [validateMessage(value), validateMessage.errors?.[0]?.instancePath ?? null]);
    expect(JSON.parse(stdout)).toEqual(expected);
    const valid = expected.filter(([isValid]) => isValid).length;
    expect(valid).toBeGreaterThan(50);
    expect(expected.length - valid).toBeGreaterThan(500);
  } finally {
    await folder.remove();
  }
});
