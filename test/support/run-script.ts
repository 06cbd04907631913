import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Runs a script of the folder scripts/ in plain Node, where what it bundles takes half of the time that it would take inside of jest, and can
 * have all cores. What it printed goes to the test's own output too.
 */
export async function runScript(name: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const started = promisify(execFile)(process.execPath, [join(process.cwd(), 'scripts', name), ...args], { maxBuffer: 2 ** 26 });
  const { code, stdout, stderr } = await started.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { readonly code: unknown; readonly stdout?: string; readonly stderr?: string },
  );
  const output = `${stdout ?? ''}${stderr ?? ''}`;
  process.stdout.write(output);
  return { code: typeof code === 'number' ? code : 1, output };
}
