import { hunt } from '../support/command-line';
import { expectGolden } from '../support/golden';

describe('the help', () => {
  it.each([
    ['hunt.txt', ['--help']],
    ['hunt-test.txt', ['test', '--help']],
    ['hunt-run.txt', ['run', '--help']],
    ['hunt-coverage.txt', ['coverage', '--help']],
    ['hunt-backfill.txt', ['backfill', '--help']],
    ['hunt-doctor.txt', ['doctor', '--help']],
    ['hunt-replay.txt', ['replay', '--help']],
    ['hunt-restore.txt', ['restore', '--help']],
  ])('in %s goes to standard output, and is no failure', async (golden, args) => {
    const { exitCode, stdout, stderr } = await hunt(args);
    expect([exitCode, stderr]).toEqual([0, '']);
    expectGolden(golden, stdout);
  });

  it('does not show the command that is for the build', async () => {
    const { stdout } = await hunt(['--help']);
    expect(stdout).not.toContain('compile');
    expect((await hunt(['compile', '--help'])).stdout).toContain('hunt compile');
  });

  it('of the version is one line', async () => {
    const { exitCode, stdout } = await hunt(['--version']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['tset', 'x'], "unknown command 'tset'\n(Did you mean test?)"],
    [['run', 'x', '--tabel', 'A=b'], "unknown option '--tabel'\n(Did you mean --table?)"],
    [['run'], "missing required argument 'rule'"],
    [['run', 'a', 'b'], 'too many arguments'],
    [['test'], "missing required argument 'path'"],
    [['run', 'x', '--table', 'A'], 'Write NAME=FILE'],
    [['run', 'x', '--table', '=b'], 'Write NAME=FILE'],
    [['run', 'x', '--from', 'yesterday'], 'Write ISO 8601'],
    [['run', 'x', '--to', '2026-02-30'], 'Write ISO 8601'],
    [['run', 'x', '--now', '12'], 'Write ISO 8601'],
    [['run', 'x', '--workspace', 'mine'], 'a GUID'],
    [['run', 'x', '--format', 'csv'], 'Allowed choices are ndjson, table'],
    [['run', 'x', '--max-rows', '0'], 'a whole number above 0'],
    [['run', 'x', '--max-rows', '1e3'], 'a whole number above 0'],
    [['run', 'x', '--from', '2026-03-10', '--to', '2026-03-10'], '--from is not before --to'],
  ])('%j has exit code 2, and is told what to write', async (args, message) => {
    const { exitCode, stdout, stderr } = await hunt(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain('(--help says more)');
  });

  it('without a command shows the help on standard error', async () => {
    const { exitCode, stdout, stderr } = await hunt([]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: hunt');
  });
});
