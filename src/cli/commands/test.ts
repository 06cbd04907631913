import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { readText } from '../files';
import { exitCodes, type ExitCode, type Io } from '../io';
import { runRuleTest } from '../rule-test';
import { Subjects, type ReadRule } from '../rule-test-subject';
import { loadSchemas } from '../schemas';
import { findTests } from '../test-files';
import type { CommandContext } from './context';
import { addSchemaOption } from './options';

const help = `
A test says which rows come to what. In a folder, every *.test.yaml, *.test.yml and *.test.json is a test, and so is every
other YAML or JSON file that has a member "expect"; a file that is named on the command line is one whatever its name.
Failures, and how many passed, go to standard output.

Example:
  $ cat logons.test.yaml
  query: SecurityEvent | where EventID == 4625 | project Computer
  now: 2026-03-10T12:00:00Z
  tables:
    SecurityEvent:
      rows:
        - { TimeGenerated: '2026-03-10T10:00:00Z', EventID: 4625, Computer: dc01 }
        - { TimeGenerated: '2026-03-10T10:00:00Z', EventID: 4624, Computer: dc01 }
  expect:
    rows:
      - { Computer: dc02 }

  $ hunt test logons.test.yaml
  FAIL logons.test.yaml
    expected rows that did not come (1):
        { Computer: "dc02" }
    rows that were not expected (1):
        { Computer: "dc01" }

  0 passed, 1 failed`;

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

async function test(paths: readonly string[], schemas: readonly string[], io: Io): Promise<ExitCode> {
  const { tests, empty } = await findTests(paths);
  // Tests stand beside their rules, or in a folder there.
  const folders = tests.flatMap(({ file }) => [dirname(dirname(file)), dirname(file)]);
  const known = await loadSchemas(schemas, folders);
  for (const text of known.report) io.err(`${text}\n`);
  for (const folder of empty) io.err(`no test in ${folder}\n`);
  if (known.failed) return exitCodes.failed;

  const subjects = new Subjects(known.schemas);
  let failed = 0;
  for (const { file, text } of tests) {
    io.signal.throwIfAborted();
    const nameOf = (path: string): string => join(dirname(file), path);
    const readRule: ReadRule = async (path) => (await readText(nameOf(path))).text;
    const failures = await runRuleTest(text, known.schemas, readRule, { subjects, nameOf });
    if (failures.length === 0) continue;
    failed += 1;
    await io.out(`FAIL ${file}\n${failures.map(indented).join('\n')}\n\n`);
  }
  await io.out(`${tests.length - failed} passed, ${failed} failed\n`);
  if (tests.length === 0) io.err('there was nothing to test: name test files, or folders that hold some\n');
  return failed > 0 || tests.length === 0 ? exitCodes.failed : exitCodes.done;
}

export function addTest(program: Command, { io, exit }: CommandContext): void {
  const command = program
    .command('test')
    .description('Runs tests of rules and queries, and says what differs.')
    .argument('<path...>', 'test files, and folders with tests at any depth');
  addSchemaOption(command)
    .addHelpText('after', help)
    .action(async (paths: readonly string[], { schema = [] }: { readonly schema?: readonly string[] }) => {
      exit(await test(paths, schema, io));
    });
}
