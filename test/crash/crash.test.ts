import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Defect } from './app-process';
import { crashRun } from './crash-run';
import type { Moment } from './moments';

it('the built app misses nothing and says nothing twice, however often it is killed', async () => {
  const args = [join(process.cwd(), 'scripts', 'crash.mjs'), '--kills', '20', '--seed', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((error: unknown) => error as { readonly stdout: string });
  process.stdout.write(stdout);
  expect(stdout).toMatch(/^Nothing was missed, nothing was said twice, and no secret was written\.$/m);
  expect(stdout).not.toContain('Never killed');
}, 600_000);

const defects: readonly (readonly [name: string, moment: Moment, defect: Defect, wrong: RegExp])[] = [
  [
    'marks messages sent before it sends them',
    'a batch has come to the hub',
    {
      file: 'src/hunt/outbox.ts',
      replace: ['const report = await hub.publish(', "await this.mark(day, portion, 'sent');\n const report = await hub.publish("],
    },
    /was never sent|says other than the rows|withdrawn and true|active and not true/,
  ],
  [
    'composes a message anew when it sends it',
    'a batch is stored in the hub',
    {
      file: 'src/hunt/outbox.ts',
      replace: [
        'body: encoder.encode(body)',
        'body: encoder.encode(body.replace(/"detectedAt":"[^"]*"/, () => `"detectedAt":"${new Date().toISOString().replace(\'Z\', \'0000Z\')}"`))',
      ],
    },
    /has two contents/,
  ],
];

it.each(defects)(
  'an app is caught that %s',
  async (_, moment, defect, wrong) => {
    const report = await crashRun({ seed: 3, kills: [moment, moment, moment], defect });
    expect(report.hits.get(moment)).toBeGreaterThan(0);
    expect(report.wrong.join('\n')).toMatch(wrong);
  },
  600_000,
);
