import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument, isMap } from 'yaml';
import type { RuleFile } from '../rule/parse-rules';
import { allOrErrors, fileError, listFolder, readText } from './files';

const NAMED_AS_TEST = /\.test\.(ya?ml|json)$/i;
const MAY_BE_TEST = /\.(ya?ml|json)$/i;
const MENTIONS_EXPECT = /\bexpect["']?\s*:/;

/** Whether a file that is not named as one is a test: it has a member `expect`. One that mentions it and cannot be read is taken for one. */
function looksLikeTest(text: string): boolean {
  if (!MENTIONS_EXPECT.test(text)) return false;
  try {
    // Much faster than YAML, of which it is a part.
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && Object.hasOwn(value, 'expect');
  } catch {
    const { contents, errors } = parseDocument(text);
    return errors.length > 0 || (isMap(contents) && contents.has('expect'));
  }
}

async function* testsInFolder(folder: string): AsyncGenerator<RuleFile> {
  for (const entry of await listFolder(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) yield* testsInFolder(path);
    } else if (NAMED_AS_TEST.test(entry.name)) {
      yield await readText(path);
    } else if (MAY_BE_TEST.test(entry.name)) {
      const file = await readText(path);
      if (looksLikeTest(file.text)) yield file;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(`${path} cannot be read`, error);
  }
}

export interface FoundTests {
  /** In order of the paths given and of names, each file once. */
  readonly tests: readonly RuleFile[];
  /** Folders that were given and hold no test. */
  readonly empty: readonly string[];
}

/**
 * The tests that the paths stand for: a file whatever its name, and of a folder and the folders in it each *.test.yaml, *.test.yml, *.test.json
 * and each other YAML or JSON file with a member `expect`. Rejects with an InputError that names every path which cannot be read.
 */
export async function findTests(paths: readonly string[]): Promise<FoundTests> {
  const folders = await allOrErrors(paths.map(isFolder));
  const tests = new Map<string, RuleFile>();
  const empty: string[] = [];
  for (const [index, path] of paths.entries()) {
    const found: RuleFile[] = [];
    if (folders[index] === true) for await (const test of testsInFolder(path)) found.push(test);
    else found.push(await readText(path));
    if (found.length === 0) empty.push(path);
    for (const test of found) tests.set(test.file, test);
  }
  return { tests: [...tests.values()], empty };
}
