import { randomUUID } from 'node:crypto';
import { buildCli, endOf, startCli } from '../support/built-cli';
import { Workbench } from '../support/workbench';

/** Rule files made to exhaust their reader, checked by the built command in a process that is ended where it takes more than 300 MB of heap. */

const bench = new Workbench();
let cli: string;
beforeAll(async () => {
  cli = await buildCli(bench.folder);
});

const rule = (members: string): string => `id: ${randomUUID()}\nname: A rule\ndescription: Of a test\n${members}\n`;
const inRule = (query: string): string => rule(`query: |\n${query.replace(/^/gm, '  ')}`);
const doubling = Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`).join('\n');

const files: readonly (readonly [name: string, text: string, code: string])[] = [
  ['10 MB of YAML', rule(`query: "${'x'.repeat(10_000_000)}"`), 'RULE001'],
  ['a query of 200,000 characters', inRule('// a comment\n'.repeat(15_000)), 'KQL003'],
  ['lists in lists', rule(`tags: ${'['.repeat(50_000)}${']'.repeat(50_000)}`), 'RULE001'],
  ['mappings in mappings', `${Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}\n`, 'RULE001'],
  ['a hundred thousand items', rule(`tags:\n${'- a\n'.repeat(60_000)}`), 'RULE001'],
  ['aliases that double', `a0: &a0 [x]\n${doubling}\n${rule('query: imProcessCreate\ntactics: *a40\nentityMappings: *a40')}`, 'RULE005'],
  ['thousands of aliases', `a: &a x\n${rule(`tags: [${'*a, '.repeat(3000)}]`)}`, 'RULE001'],
  ['an alias of itself', rule('query: imProcessCreate\nentityMappings: &a [*a]'), 'RULE005'],
  ['a thousand documents', `---\n${rule('query: imProcessCreate')}`.repeat(1000), 'RULE003'],
  ['the same member a thousand times', rule('query: imProcessCreate\n'.repeat(1000)), 'RULE002'],
  ['zeros', '\0'.repeat(100_000), 'RULE'],
  ['bytes that are no text', Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 256)).toString('latin1'), 'RULE'],
  ["members of JavaScript's own", '__proto__: {id: x}\nconstructor: 1\ntoString: 2\n', 'RULE'],
  ['parentheses', inRule(`imProcessCreate | where ${'('.repeat(10_000)}true${')'.repeat(10_000)}`), 'KQL004'],
  [
    'lets that double',
    inRule(`${Array.from({ length: 40 }, (_, i) => `let a${i + 1} = ${i === 0 ? '1' : `a${i} + a${i}`};`).join('\n')}\nprint a40`),
    'KQL006',
  ],
];

it('tells what is wrong with each of many hostile files in one run, with its place', async () => {
  const names = files.map(([name, text]) => {
    const file = `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.yaml`;
    bench.write(file, text);
    return file;
  });
  const child = startCli(cli, ['validate', ...names], { cwd: bench.folder, nodeOptions: ['--max-old-space-size=300'] });
  const { exitCode, stdout, stderr } = await endOf(child);
  expect(exitCode).toBe(1);
  const told = `${stdout}\n${stderr}`;
  const found = files.map(([name, , code], index) => {
    const file = names[index] ?? '';
    const errors = told.split('\n').filter((line) => line.startsWith(`${file}:`));
    return [name, errors.some((line) => new RegExp(`^${file}:\\d+:\\d+: error ${code}`).test(line)) ? code : errors.slice(0, 3)];
  });
  expect(found).toEqual(files.map(([name, , code]) => [name, code]));
  // What is told of a file stays readable, whatever the file holds.
  expect(told.length).toBeLessThan(2_000_000);
});
