import { resolve } from 'node:path';
import { compileRulesFolder } from '../../src/cli/compile';

/** Compiles the rules that the project ships into a folder, as the build does. */
export async function compileShippedRules(folder: string): Promise<void> {
  const code = await compileRulesFolder(resolve('rules'), folder);
  if (code !== 0) throw new Error('the shipped rules do not compile');
}
