import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

it('histories through the real adapters miss nothing and say nothing twice, and meet every fault of HTTP and AMQP', async () => {
  const args = [join(process.cwd(), 'scripts', 'histories.mjs'), '--histories', '100', '--seed', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((error: unknown) => error as { readonly stdout: string });
  process.stdout.write(stdout);
  expect(stdout).toMatch(/^Nothing was missed, nothing was said twice, and no secret was told\.$/m);
  expect(stdout).not.toContain('Never met');
}, 900_000);
