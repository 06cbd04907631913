import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileStore } from '../../src/local/file-store';
import { hunt } from '../support/command-line';
import { ASIM_RULE, pair, startLedgerScene, WORKSPACE, type LedgerScene } from '../support/ledger-scene';

/** The commands that work on the function's ledger, beside the function, with the real clients against local servers. */

let scene: LedgerScene;

beforeEach(async () => {
  scene = await startLedgerScene('2026-03-10T08:00:00Z');
  scene.rows.push(...pair('2026-02-01T00', 'CONTOSO\\oldest'));
});

afterEach(() => scene.close());

describe('hunt coverage', () => {
  it('shows the hours in runs, with exit code 0 where none is missing or failing', async () => {
    scene.at('2026-03-10T12:20:00Z');
    await scene.cycle();
    const { exitCode, stdout, stderr } = await scene.hunt(['coverage']);
    expect(stdout).toBe(
      [
        `workspace ${WORKSPACE}`,
        `rule ${ASIM_RULE} Host Exporting Mailbox and Removing Export (Normalized Process Events)`,
        'covered from 2026-03-10T08:00:00Z',
        '  From (UTC)        To                Bins  State',
        '  ────────────────  ────────────────  ────  ──────',
        '  2026-03-10 08:00  2026-03-10 12:00     4  closed',
        '  2026-03-10 12:00  2026-03-10 13:00     1  open',
        '',
        `workspace ${WORKSPACE}`,
        `rule ${ASIM_RULE} Host Exporting Mailbox and Removing Export (Normalized Process Events), pairs across an edge`,
        'covered from 2026-03-10T08:30:00Z',
        '  From (UTC)        To                Bins  State',
        '  ────────────────  ────────────────  ────  ──────',
        '  2026-03-10 08:30  2026-03-10 11:30     3  closed',
        '  2026-03-10 11:30  2026-03-10 12:30     1  open',
        '',
      ].join('\n'),
    );
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it('names what is due, what is missing, and how to evaluate it, with exit code 1', async () => {
    scene.at('2026-03-10T10:20:00Z');
    await scene.cycle();
    scene.at('2026-03-10T13:40:00Z');
    const { exitCode, stdout, stderr } = await scene.hunt(['coverage']);
    expect(stdout).toContain('2026-03-10 08:00  2026-03-10 10:00     2  due');
    expect(stdout).toContain('2026-03-10 10:00  2026-03-10 12:00     2  missing');
    expect(stdout).toContain('2026-03-10 12:00  2026-03-10 13:00     1  due');
    expect(stderr).toBe(
      '4 missing and 0 failing\nto evaluate them now: hunt backfill --from 2026-03-10T09:30:00Z --to 2026-03-10T12:00:00Z\n',
    );
    expect(exitCode).toBe(1);
  });

  it('says why an hour is failing, how often, since when, and when it is tried again', async () => {
    scene.at('2026-03-10T09:00:00Z');
    await expect(scene.cycle({ HUNT_SOURCES: '{"imProcessCreate":"_Im_ProcessCreate | extend X = nonsense(1)"}' })).rejects.toThrow();
    const { exitCode, stdout } = await scene.hunt(['coverage', '--format', 'json']);
    const { lanes } = JSON.parse(stdout) as { lanes: { bins: object; runs: { state: string; code: string; failing: object[] }[] }[] };
    expect(lanes[0]?.runs[0]).toMatchObject({
      state: 'failing',
      failing: [
        {
          start: '2026-03-10T08:00:00.0000000Z',
          end: '2026-03-10T09:00:00.0000000Z',
          count: 1,
          since: '2026-03-10T09:00:00.0000000Z',
          nextTry: '2026-03-10T09:05:00.0000000Z',
        },
        { start: '2026-03-10T09:00:00.0000000Z' },
      ],
    });
    expect(exitCode).toBe(1);
    const table = await scene.hunt(['coverage']);
    expect(table.stdout).toMatch(/2 {2}failing: [\w-]+, tried up to 1 time since 2026-03-10 09:00, next try 2026-03-10 09:05/);
    expect(table.stderr).toContain('0 missing and 2 failing');
  });

  it('shows the range that is asked for, with what was never covered as missing', async () => {
    scene.at('2026-03-10T12:20:00Z');
    await scene.cycle();
    const args = ['coverage', '--from', '2026-03-10T06:00Z', '--to', '2026-03-10T09:00Z', '--format', 'json'];
    const { exitCode, stdout } = await scene.hunt(args);
    const { lanes } = JSON.parse(stdout) as { lanes: { bins: object; runs: object[]; coveredFrom: string }[] };
    expect(lanes).toMatchObject([
      {
        workspaceId: WORKSPACE,
        ruleId: ASIM_RULE,
        match: 'rule',
        coveredFrom: '2026-03-10T08:00:00.0000000Z',
        bins: { missing: 2, closed: 1 },
        runs: [
          { start: '2026-03-10T06:00:00.0000000Z', end: '2026-03-10T08:00:00.0000000Z', state: 'missing', bins: 2 },
          { start: '2026-03-10T08:00:00.0000000Z', end: '2026-03-10T09:00:00.0000000Z', state: 'closed', bins: 1 },
        ],
      },
      {
        match: 'split-by-bin-edge',
        runs: [{ start: '2026-03-10T08:30:00.0000000Z', end: '2026-03-10T09:30:00.0000000Z', state: 'closed', bins: 1 }],
      },
    ]);
    expect(exitCode).toBe(1);
  });

  it('says where no cycle has begun yet', async () => {
    const { exitCode, stdout, stderr } = await scene.hunt(['coverage']);
    expect(stdout).toContain('no cycle has begun yet');
    expect(stderr).toContain('is the function running?');
    expect(exitCode).toBe(1);
  });

  it('names a damaged day and shows its hours as failing', async () => {
    scene.at('2026-03-10T09:20:00Z');
    await scene.cycle();
    const day = join(scene.folder, 'ledger', 'hunt-ledger', WORKSPACE, ASIM_RULE, '2026-03-10.json@');
    const latest = Math.max(...(await readdir(day)).map(Number));
    await writeFile(join(day, String(latest + 1)), '{"formatVersion":1,"bi');
    const { exitCode, stdout, stderr } = await scene.hunt(['coverage']);
    expect(stdout).toContain('2  failing: the record cannot be read');
    expect(stdout).toContain('2026-03-10.json');
    expect(stderr).toContain('hunt restore');
    expect(exitCode).toBe(1);
  });
});

describe('hunt backfill', () => {
  const range = ['--from', '2026-03-09T22:00:00Z', '--to', '2026-03-10T02:00:00Z'];

  beforeEach(async () => {
    scene.rows.push(...pair('2026-03-09T23', 'CONTOSO\\alice'), ...pair('2026-03-10T01', 'CONTOSO\\bob'));
    scene.at('2026-03-10T08:20:00Z');
    await scene.cycle();
  });

  it('in a dry run shows what would be sent, and sends and writes nothing', async () => {
    const { exitCode, stdout, stderr } = await scene.hunt(['backfill', ...range, '--dry-run']);
    expect(stdout).toBe(
      [
        'Hour (UTC)              Host              Account        Severity  Status              Evidence',
        '──────────────────────  ────────────────  ─────────────  ────────  ──────────────────  ───────────────────────────────────',
        '2026-03-09 23:00–00:00  ex01.contoso.com  CONTOSO\\alice  Medium    active, revision 1  1 result from 2 rows, 2 with copies',
        '2026-03-10 01:00–02:00  ex01.contoso.com  CONTOSO\\bob    Medium    active, revision 1  1 result from 2 rows, 2 with copies',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain(
      '2026-03-09T22:00:00Z to 2026-03-10T02:00:00Z, dry run: 6 bins evaluated, 0 failing; incidents: 2 new, 0 revised, 0 withdrawn',
    );
    expect([exitCode, scene.messages()]).toEqual([0, []]);
    expect((await scene.hunt(['coverage', ...range])).stdout).toContain('4  missing');
  });

  it('writes the messages of a dry run one a line', async () => {
    const { stdout } = await scene.hunt([
      'backfill',
      ...range,
      '--dry-run',
      '--format',
      'ndjson',
      '--rule',
      ASIM_RULE,
      '--workspace',
      WORKSPACE,
    ]);
    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { revision: number });
    expect(messages.map(({ revision }) => revision)).toEqual([1, 1]);
  });

  it('posts what it finds, once, however often it is run, and the ledger covers the hours', async () => {
    const first = await scene.hunt(['backfill', ...range]);
    expect(first.stderr).toBe(
      [
        '2026-03-09: 3 bins evaluated, 0 failing; incidents: 1 new, 0 revised, 0 withdrawn (day 1 of 2)',
        '2026-03-10: 4 bins evaluated, 0 failing; incidents: 1 new, 0 revised, 0 withdrawn (day 2 of 2)',
        '2026-03-09T22:00:00Z to 2026-03-10T02:00:00Z: 7 bins evaluated, 0 failing; incidents: 2 new, 0 revised, 0 withdrawn',
        '',
      ].join('\n'),
    );
    expect([first.exitCode, first.stdout]).toEqual([0, '']);
    const asked = scene.requests();
    const second = await scene.hunt(['backfill', ...range]);
    expect(second.stderr).toContain(': 0 bins evaluated, 0 failing');
    expect(scene.requests() - asked).toBe(1);
    expect(scene.messages().map(({ revision, status }) => [revision, status])).toEqual([
      [1, 'active'],
      [1, 'active'],
    ]);
    const { stdout, exitCode } = await scene.hunt(['coverage']);
    expect(stdout).toContain('covered from 2026-03-10T08:00:00Z, backfilled 2026-03-09T22:00:00Z to 2026-03-10T02:00:00Z');
    expect(stdout).toContain('2026-03-09 22:00  2026-03-10 02:00     4  closed');
    expect(exitCode).toBe(0);
  });

  it('refuses the hours that end before the oldest row, and says from when on it can', async () => {
    scene.rows.splice(0, 2);
    const { exitCode, stderr } = await scene.hunt(['backfill', ...range]);
    expect(stderr).toContain(`rule ${ASIM_RULE}, workspace ${WORKSPACE}: the hours before 2026-03-09T23:00:00Z are refused`);
    expect(stderr).toContain('the oldest row of imProcessCreate');
    expect(stderr).toContain('Use --from 2026-03-09T23:00:00Z');
    expect(stderr).toContain('2026-03-09T23:00:00Z to 2026-03-10T02:00:00Z: 5 bins evaluated');
    expect(exitCode).toBe(1);
    const none = await scene.hunt(['backfill', '--from', '2026-01-01', '--to', '2026-01-02']);
    expect(none.stderr).toContain('all hours are refused');
    expect(none.exitCode).toBe(1);
  });

  it('puts a failing hour right at once', async () => {
    scene.at('2026-03-10T09:20:00Z');
    await expect(scene.cycle({ HUNT_SOURCES: '{"imProcessCreate":"_Im_ProcessCreate | extend X = nonsense(1)"}' })).rejects.toThrow();
    expect((await scene.hunt(['coverage'])).exitCode).toBe(1);
    const { exitCode, stderr } = await scene.hunt(['backfill', '--from', '2026-03-10T08:00Z']);
    expect(stderr).toContain('1 bin evaluated, 0 failing');
    expect(exitCode).toBe(0);
  });

  it('stops at Ctrl-C before the next hour', async () => {
    const stop = new AbortController();
    stop.abort();
    const { exitCode, stderr } = await scene.hunt(['backfill', ...range], { signal: stop.signal });
    expect([exitCode, stderr]).toEqual([130, 'stopped by Ctrl-C\n']);
    expect(scene.messages()).toEqual([]);
  });
});

describe('hunt restore', () => {
  const day = `${WORKSPACE}/${ASIM_RULE}/2026-03-10.json`;
  const damaged = '{"formatVersion":1,"bi';

  /** Writes over the day's blob past the ledger. */
  async function overwrite(text: string): Promise<void> {
    const store = createFileStore(join(scene.folder, 'ledger', 'hunt-ledger'));
    await store.write(day, text, (await store.read(day))?.etag);
  }

  beforeEach(async () => {
    scene.rows.push(...pair('2026-03-10T08', 'CONTOSO\\alice'));
    scene.at('2026-03-10T08:40:00Z');
    await scene.cycle();
  });

  it('brings a damaged day back, whose incidents are told again under a higher revision', async () => {
    await overwrite(damaged);
    expect((await scene.cycle())[0]).toContain('`npx hunt restore` brings back an earlier version');
    const dry = await scene.hunt(['restore', '--dry-run']);
    expect([dry.exitCode, dry.stdout]).toEqual([0, expect.stringContaining(`would be restored ${day}: as it was at `)]);
    const { exitCode, stdout, stderr } = await scene.hunt(['restore']);
    expect(stdout).toMatch(/^restored .*2026-03-10\.json: as it was at \S+Z, 1 later version lost\n$/);
    expect(stderr).toBe('to evaluate its hours at once: hunt backfill --from 2026-03-10\n');
    expect(exitCode).toBe(0);
    scene.at('2026-03-10T08:45:00Z');
    await scene.cycle();
    const revisions = scene.messages().map(({ id, revision }) => [id, revision] as const);
    expect(revisions).toEqual([
      [revisions[0]?.[0], 1],
      [revisions[0]?.[0], expect.any(Number)],
    ]);
    expect(revisions[1]?.[1]).toBeGreaterThan(1);
    expect((await scene.hunt(['coverage'])).exitCode).toBe(0);
  });

  it('has nothing to do where all can be read', async () => {
    expect(await scene.hunt(['restore'])).toEqual({ exitCode: 0, stdout: 'nothing to restore: all 3 blobs can be read\n', stderr: '' });
  });

  it('leaves as it is what a newer program wrote', async () => {
    await overwrite('{"formatVersion":99}');
    const { exitCode, stdout } = await scene.hunt(['restore', '--start-over']);
    expect(stdout).toBe(`left as it is ${day}: a newer version of this program wrote it; deploy that version again\n`);
    expect(exitCode).toBe(1);
  });

  it('begins anew only on request where no version can be read', async () => {
    for (let times = 0; times < 10; times += 1) await overwrite(damaged);
    const left = await scene.hunt(['restore']);
    expect(left.stdout).toBe(
      `left as it is ${day}: none of its 9 earlier versions can be read; restore the blob from a backup, or begin it anew with --start-over\n`,
    );
    expect(left.exitCode).toBe(1);
    const anew = await scene.hunt(['restore', '--start-over']);
    expect([anew.exitCode, anew.stdout]).toEqual([0, `begun anew ${day}: nothing of what it held is known any more\n`]);
  });
});

describe('the settings of', () => {
  it.each(['coverage', 'backfill'])('hunt %s are told at once where several are wrong', async (command) => {
    const environment = { HUNT_WORKSPACES: 'contoso', HUNT_START: 'yesterday', HuntLedger: 'nonsense' };
    const { exitCode, stderr } = await hunt([command, '--from', '2026-03-09'], { environment });
    expect(exitCode).toBe(1);
    for (const setting of ['HUNT_WORKSPACES', 'HUNT_START', 'HuntLedger']) expect(stderr).toContain(`error: ${setting} `);
  });

  it('hunt coverage need no hub', async () => {
    const { stdout } = await scene.hunt(['coverage'], {
      environment: { ...scene.environment, IncidentHub: '', LOG_ANALYTICS_ENDPOINT: '' },
    });
    expect(stdout).toContain('no cycle has begun yet');
  });

  it('hunt coverage are narrowed only to what they name', async () => {
    const other = await scene.hunt(['coverage', '--workspace', '00000000-0000-4000-8000-000000000000']);
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining(`is not among HUNT_WORKSPACES, which has ${WORKSPACE}`)]);
    const empty = await scene.hunt(['coverage', '--from', '2026-03-10', '--to', '2026-03-10']);
    expect([empty.exitCode, empty.stderr]).toEqual([2, expect.stringContaining('--from is not before --to')]);
    const without = await scene.hunt(['backfill']);
    expect([without.exitCode, without.stderr]).toEqual([2, expect.stringContaining('--from TIME')]);
  });

  it('hunt coverage may name a ledger that cannot be reached, which is told with what to check', async () => {
    await mkdir(join(scene.folder, 'x'));
    await writeFile(join(scene.folder, 'x', 'hunt-ledger'), 'a file where a folder should be');
    const HuntLedger = `file:${join(scene.folder, 'x')}`;
    const { exitCode, stderr } = await scene.hunt(['coverage'], { environment: { ...scene.environment, HuntLedger } });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error: .*hunt-ledger failed \(.*; check that/)]);
  });
});
