import { runScript } from '../support/run-script';
import type { Defect } from './app-process';
import { crashRun } from './crash-run';
import type { Moment } from './moments';

it('the built app misses nothing and says nothing twice, however often it is killed', async () => {
  const { code, output } = await runScript('crash.mjs', '--kills', '20', '--seed', '1');
  expect(output).toMatch(/^Nothing was missed, nothing was said twice, and no secret was written\.$/m);
  expect(output).not.toContain('Never killed');
  expect(code).toBe(0);
});

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

it.each(defects)('an app is caught that %s', async (_, moment, defect, wrong) => {
  const report = await crashRun({ seed: 3, kills: [moment, moment, moment], defect });
  expect(report.hits.get(moment)).toBeGreaterThan(0);
  expect(report.wrong.join('\n')).toMatch(wrong);
});
