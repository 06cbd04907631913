import { defects } from '../simulation/defects';
import { runScript } from '../support/run-script';
import { playHistories } from './histories';

it('histories through the real adapters miss nothing and say nothing twice, and meet every fault of HTTP and AMQP', async () => {
  const { code, output } = await runScript('histories.mjs', '--histories', '100', '--seed', '1');
  expect(output).toMatch(/^Nothing was missed, nothing was said twice, and no secret was told\.$/m);
  expect(output).not.toContain('Never met');
  expect(code).toBe(0);
}, 1_800_000);

/** Of the simulator's defects those that show on the wire too. */
const onTheWire = [
  'marks messages sent that the hub did not acknowledge',
  'takes the rows up to the limit for all rows',
  'composes a message anew whenever it sends it',
];

it.each(onTheWire)(
  'a program is caught that %s',
  async (name) => {
    const defect = defects.find((each) => each.name === name);
    if (defect?.ports === undefined) throw new Error(`there is no such defect: ${name}`);
    const { wrong } = await playHistories({ seed: 1, histories: 60, tamper: { ports: defect.ports } });
    expect(wrong.join('\n')).toMatch(/is missed|is active and not true|says other than the rows|has two contents|has another last one/);
  },
  1_800_000,
);
