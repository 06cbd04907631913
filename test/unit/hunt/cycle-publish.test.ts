import { deadLetterFormat } from '../../../src/hunt/dead-letter';
import { PortUnavailable, type BlobStore, type RowSource } from '../../../src/hunt/ports';
import { instant } from '../../../src/value/instant';
import { fakeProgram, FakeWorld, RULE, WORKSPACE, type FakeRow } from '../../support/hunt-fakes';
import { mortalPorts, type Death } from '../../support/mortal-ports';

const start = instant('2026-03-10T10:00Z');
const bin10 = '2026-03-10T10:00:00.0000000Z/2026-03-10T11:00:00.0000000Z';

function rowOn(host: string, note = 'export'): FakeRow {
  return { at: '2026-03-10T10:01Z', host, note };
}

function world(...rows: readonly FakeRow[]): FakeWorld {
  const made = new FakeWorld('2026-03-10T10:10Z');
  made.rows.push(...rows);
  return made;
}

function hosts(count: number): readonly FakeRow[] {
  return Array.from({ length: count }, (_, index) => rowOn(`host${index.toString().padStart(3, '0')}`));
}

function bodies(made: FakeWorld): readonly string[] {
  return made.sink.received.map(({ body }) => new TextDecoder().decode(body));
}

/** The bytes of each revision, and whether any has two contents. */
function contents(made: FakeWorld): ReadonlyMap<string, string> {
  const byRevision = new Map<string, string>();
  made.messages.forEach(({ id, revision }, index) => {
    const body = bodies(made)[index] ?? '';
    const known = byRevision.get(`${id} ${revision}`) ?? body;
    if (known !== body) throw new Error(`revision ${revision} of ${id} has two contents`);
    byRevision.set(`${id} ${revision}`, body);
  });
  return byRevision;
}

function pendingIn(made: FakeWorld): number {
  const incidents = Object.values(made.stored('2026-03-10').bins?.[bin10]?.incidents ?? {});
  return incidents.reduce((sum, { pending }) => sum + pending.length, 0);
}

describe('a hub that cannot be reached', () => {
  it('keeps everything from being evaluated, and fails the invocation', async () => {
    const hunt = world(rowOn('ex01'));
    hunt.sink.cutOff();
    const { rules, failure } = await hunt.cycle({ startAt: start });
    expect(hunt.source.pulls).toEqual([]);
    expect(rules[0]?.summary).toMatchObject({ outcome: 'failed', bins: { due: 1, done: 0, left: 1 } });
    expect(failure).toBe('the fake hub is cut off');
  });

  it('does not keep the oldest uncovered bin from being reported', async () => {
    const hunt = world();
    await hunt.cycleOfOne({ startAt: start });
    hunt.sink.cutOff();
    hunt.clock.set('2026-03-10T12:30Z');
    expect((await hunt.cycleOfOne()).summary.oldestUncoveredMinutes).toBe(90);
  });

  it('between two cycles leaves what is pending to the next, byte for byte', async () => {
    const hunt = world(...hosts(3));
    hunt.sink.cutOff(1);
    const { summary } = await hunt.cycleOfOne({ startAt: start });
    expect(summary).toMatchObject({ outcome: 'failed', incidents: { new: 3, pending: 2 } });
    expect(pendingIn(hunt)).toBe(2);
    hunt.sink.restore();
    hunt.clock.advanceMinutes(5);
    expect((await hunt.cycleOfOne()).summary).toMatchObject({ outcome: 'ok', incidents: { new: 0, pending: 0 } });
    expect(hunt.messages.map(({ revision }) => revision)).toEqual([1, 1, 1]);
    expect(contents(hunt).size).toBe(3);
    expect(bodies(hunt).every((body) => body.includes('10:10:00'))).toBe(true);
  });

  it('gets what was pending as soon as it is back, also where nothing can be evaluated then', async () => {
    const hunt = world(rowOn('ex01'));
    hunt.sink.cutOff();
    hunt.sink.probe = () => Promise.resolve();
    await hunt.cycleOfOne({ startAt: start });
    hunt.sink.restore();
    hunt.clock.advanceMinutes(5);
    const busy = hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' });
    await hunt.cycleOfOne();
    expect([busy.hits, hunt.messages.length, pendingIn(hunt)]).toEqual([1, 1, 0]);
  });

  it('keeps an audited bin from being settled until its message is sent', async () => {
    const hunt = world(rowOn('ex01'));
    await hunt.cycleOfOne({ startAt: start });
    hunt.rows.push(rowOn('ex01', 'removal'));
    hunt.clock.set('2026-03-17T11:30Z');
    hunt.sink.cutOff();
    hunt.sink.probe = () => Promise.resolve();
    await hunt.cycleOfOne();
    expect([hunt.stored('2026-03-10').bins?.[bin10]?.evaluatedAt, pendingIn(hunt)]).toEqual(['2026-03-17T11:30:00.0000000Z', 1]);
    expect(hunt.stored('head').settledThrough).toBeUndefined();
    hunt.clock.set('2026-03-17T12:30Z');
    await hunt.cycleOfOne();
    expect(hunt.stored('head').settledThrough).toBeUndefined();
    hunt.sink.restore();
    await hunt.cycleOfOne();
    expect(hunt.stored('head').settledThrough).toBe('2026-03-10T11:00:00.0000000Z');
  });

  it('that lost an acknowledgement gets the message twice, byte for byte', async () => {
    const hunt = world(rowOn('ex01'));
    hunt.sink.loseNextAcknowledgement();
    await hunt.cycleOfOne({ startAt: start });
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne();
    expect(hunt.sink.received).toHaveLength(2);
    expect(contents(hunt).size).toBe(1);
    expect(pendingIn(hunt)).toBe(0);
  });

  it('in the middle of many portions leaves the bin due, and nothing is lost or doubled', async () => {
    const hunt = world(...hosts(250));
    hunt.sink.cutOff(150);
    const { summary } = await hunt.cycleOfOne({ startAt: start });
    expect(summary).toMatchObject({ bins: { due: 1, done: 0, left: 1 }, incidents: { new: 200, pending: 50 } });
    expect(hunt.stored('2026-03-10').bins?.[bin10]?.evaluatedAt).toBeUndefined();
    hunt.sink.restore();
    hunt.clock.advanceMinutes(5);
    expect((await hunt.cycleOfOne()).summary.incidents).toMatchObject({ new: 50, pending: 0 });
    expect(hunt.messages).toHaveLength(250);
    expect(contents(hunt).size).toBe(250);
  });
});

describe('two messages of one incident that wait', () => {
  it('are sent in order of revision, and both are marked', async () => {
    const hunt = world(rowOn('ex01'));
    hunt.sink.loseNextAcknowledgement();
    await hunt.cycleOfOne({ startAt: start });
    expect(pendingIn(hunt)).toBe(1);
    const path = `${WORKSPACE}/${RULE}/2026-03-10.json`;
    const text = hunt.ledger.peek(path) ?? '';
    // As another instance leaves it that evaluated the bin before the first was sent.
    const [first = ''] = /\{"revision":1,"body":.*?\}(?=\])/.exec(text) ?? [];
    const second = first.replace('"revision":1', '"revision":2').replace('\\"revision\\":1', '\\"revision\\":2');
    hunt.ledger.put(path, text.replace(first, `${first},${second}`).replace(/"revision":1(?=,"status")/, '"revision":2'));
    expect(pendingIn(hunt)).toBe(2);
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne();
    expect(hunt.messages.map(({ revision }) => revision)).toEqual([1, 1, 2]);
    expect(pendingIn(hunt)).toBe(0);
  });
});

describe('portions', () => {
  it('are of 100 messages, each published before the next is written, the evaluation recorded with the last', async () => {
    const hunt = world(...hosts(250));
    const most: number[] = [];
    const publish = hunt.sink.publish.bind(hunt.sink);
    const sink = {
      ...hunt.sink,
      publish: (messages: Parameters<typeof publish>[0]) => {
        most.push(pendingIn(hunt));
        expect(hunt.stored('2026-03-10').bins?.[bin10]?.evaluatedAt === undefined).toBe(most.length < 3);
        return publish(messages);
      },
    };
    await hunt.cycleOfOne({ startAt: start }, { sink });
    expect(most).toEqual([100, 100, 50]);
  });

  it('hold one evaluation of exactly 100 messages, with the evaluation', async () => {
    const hunt = world(...hosts(100));
    await hunt.cycleOfOne({ startAt: start });
    expect(hunt.sink.calls.publish).toBe(1);
    expect(hunt.stored('2026-03-10').bins?.[bin10]?.evaluatedAt).toBeDefined();
  });
});

describe('a message that the hub refuses', () => {
  it('goes to the dead letters, is marked and counted, and others go on', async () => {
    const hunt = world(rowOn('ex01'), rowOn('ex02', 'poison'), rowOn('ex03'));
    hunt.sink.refuse((body) => body.includes('poison'));
    const { summary } = await hunt.cycleOfOne({ startAt: start });
    expect(summary).toMatchObject({ outcome: 'ok', incidents: { new: 3, refused: 1, pending: 0 } });
    expect(hunt.messages).toHaveLength(2);
    const incidents = Object.entries(hunt.stored('2026-03-10').bins?.[bin10]?.incidents ?? {});
    const refused = incidents.filter(([, incident]) => incident.refused.length > 0);
    expect(refused.map(([, incident]) => incident)).toMatchObject([{ refused: [1], pending: [], status: 'active' }]);
    const letter = deadLetterFormat.parse(hunt.deadLetters.peek(`${WORKSPACE}/${RULE}/${refused[0]?.[0]}/1.json`) ?? '');
    expect(letter).toMatchObject({
      from: 'hunt',
      partitionKey: `${WORKSPACE}/${RULE}/2026-03-10T10:00:00.0000000Z`,
      replayedAt: undefined,
    });
    expect(letter.reason).toMatch(/^the Event Hub refuses the message for good: ./);
    expect(Buffer.from(letter.body).toString()).toContain('poison');

    hunt.clock.advanceMinutes(5);
    expect((await hunt.cycleOfOne()).summary.incidents).toMatchObject({ new: 0, refused: 0 });
  });

  it('does not end the work on its bin, also where further portions follow', async () => {
    const hunt = world(...hosts(149), rowOn('host000', 'poison'));
    hunt.sink.refuse((body) => body.includes('poison'));
    const { summary } = await hunt.cycleOfOne({ startAt: start });
    expect(summary).toMatchObject({ bins: { done: 1, left: 0 }, incidents: { new: 149, refused: 1, pending: 0 } });
    expect(hunt.messages).toHaveLength(148);
  });

  it('stays pending where the dead letters cannot be written, while the acknowledged ones are marked', async () => {
    const hunt = world(rowOn('ex01'), rowOn('ex02', 'poison'));
    hunt.sink.refuse((body) => body.includes('poison'));
    hunt.deadLetters.failNext('unavailable-before', ({ operation }) => operation === 'write');
    const { failure } = await hunt.cycle({ startAt: start });
    expect(failure).toContain('fake ledger');
    expect(pendingIn(hunt)).toBe(1);
    hunt.clock.advanceMinutes(5);
    expect((await hunt.cycleOfOne()).summary.incidents).toMatchObject({ refused: 1, pending: 0 });
    expect(hunt.messages).toHaveLength(1);
  });
});

describe('a ledger', () => {
  it('that cannot be reached fails the invocation, and nothing is evaluated', async () => {
    const hunt = world(rowOn('ex01'));
    hunt.ledger.failNext('unavailable-before', () => true);
    const { rules, failure } = await hunt.cycle({ startAt: start });
    expect(failure).toContain('fake ledger');
    expect(rules[0]).toMatchObject({ unreachable: failure, summary: { outcome: 'failed' } });
    expect([hunt.source.pulls, hunt.messages]).toEqual([[], []]);
  });

  it('that is lost on the way ends the work of its rule, and its bins are left', async () => {
    const hunt = world(rowOn('ex01'));
    await hunt.cycleOfOne({ startAt: start });
    hunt.clock.set('2026-03-10T13:30Z');
    for (let times = 0; times < 3; times += 1) hunt.ledger.failNext('unavailable-before', ({ operation }) => operation === 'write');
    const { summary, failures } = await hunt.cycleOfOne();
    expect(hunt.ledger.pendingFailures).toBe(0);
    expect(summary).toMatchObject({ outcome: 'failed', bins: { due: 4, done: 0, failing: 0, left: 4 } });
    expect(failures).toEqual([]);
  });

  it.each([
    ['finds another write first', false, 'conflict'],
    ['finds its own first try', true, 'conflict'],
    ['is not made and has no answer', false, 'no answer'],
    ['is made and has no answer', true, 'no answer'],
  ] as const)('in which every second write %s has each revision counted and posted once', async (_, isMade, answer) => {
    for (const count of [1, 250]) {
      const hunt = world(...hosts(count));
      let writes = 0;
      const write: BlobStore['write'] = async (...args) => {
        writes += 1;
        if (writes % 2 === 0) return hunt.ledger.write(...args);
        if (isMade) await hunt.ledger.write(...args);
        if (answer === 'conflict') return 'conflict';
        throw new PortUnavailable('ledger', 'no answer');
      };
      const ledger = { read: (path: string) => hunt.ledger.read(path), list: (prefix: string) => hunt.ledger.list(prefix), write };
      const { summary } = await hunt.cycleOfOne({ startAt: start }, { ledger });
      expect(writes).toBeGreaterThan(3);
      expect(summary).toMatchObject({ outcome: 'ok', bins: { done: 1 }, incidents: { new: count, revised: 0, pending: 0 } });
      expect(hunt.messages.map(({ revision }) => revision)).toEqual(Array.from({ length: count }, () => 1));
    }
  });

  it('that took a failure whose answer was lost counts it once', async () => {
    const hunt = world();
    hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' });
    hunt.ledger.failNext('unavailable-after', ({ operation, path }) => operation === 'write' && path.includes('2026'));
    await hunt.cycleOfOne({ startAt: start });
    expect(hunt.ledger.pendingFailures).toBe(0);
    expect(hunt.stored('2026-03-10').bins?.[bin10]?.failure?.count).toBe(1);
  });
});

describe('two instances', () => {
  it.each(['before its pull is answered', 'before its record is written'])(
    'drop an evaluation where a younger one is recorded %s',
    async (when) => {
      const hunt = world(rowOn('ex01'));
      let [reach, release] = [(): void => undefined, (): void => undefined];
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const released = new Promise<void>((resolve) => (release = resolve));
      const hold = async (): Promise<void> => {
        reach();
        await released;
      };
      const source: RowSource = {
        pull: async (request) => {
          const answer = await hunt.source.pull(request);
          if (when.includes('pull')) await hold();
          return answer;
        },
      };
      const write: BlobStore['write'] = async (path, ...args) => {
        if (when.includes('record') && path.includes('2026')) await hold();
        return hunt.ledger.write(path, ...args);
      };
      const ledger = { read: (path: string) => hunt.ledger.read(path), list: (prefix: string) => hunt.ledger.list(prefix), write };

      const older = hunt.cycleOfOne({ startAt: start }, { source, ledger });
      await reached;
      hunt.clock.advanceMinutes(1);
      hunt.rows.push(rowOn('ex01', 'removal'));
      await hunt.cycleOfOne({ startAt: start });
      release();
      expect((await older).summary).toMatchObject({ outcome: 'ok', bins: { done: 1 }, incidents: { new: 0, revised: 0 } });
      expect(hunt.messages.map(({ revision, notes }) => [revision, notes])).toEqual([[1, ['export', 'removal']]]);
      expect(hunt.stored('2026-03-10').bins?.[bin10]?.evaluatedAt).toBe('2026-03-10T10:11:00.0000000Z');
    },
  );

  it('that undo each other come to an end, and leave the bin due', async () => {
    const hunt = world(...hosts(250));
    const path = `${WORKSPACE}/${RULE}/2026-03-10.json`;
    const undo = async (): ReturnType<typeof hunt.sink.publish> => {
      hunt.ledger.put(path, '{"formatVersion":1,"bins":{}}');
      return { acknowledged: Array.from({ length: 100 }, (_, index) => index), refused: [] };
    };
    const { summary } = await hunt.cycleOfOne({ startAt: start }, { sink: { ...hunt.sink, publish: undo } });
    expect(summary.bins).toMatchObject({ due: 1, done: 0, left: 1 });
  });
});

describe('an excluded incident', () => {
  it('is recorded and counted once, and never sent, whatever becomes of it', async () => {
    const hunt = world(rowOn('ex01'), rowOn('lab'));
    const excludes = (
      _workspace: string,
      _rule: string,
      draft: { readonly entities: readonly Readonly<Record<string, string>>[] },
    ): boolean => draft.entities[0]?.['FullName'] === 'lab';
    expect((await hunt.cycleOfOne({ startAt: start, excludes })).summary.incidents).toMatchObject({ new: 1, excluded: 1 });
    hunt.rows.push(rowOn('lab', 'removal'));
    hunt.clock.advanceMinutes(5);
    expect((await hunt.cycleOfOne()).summary.incidents).toMatchObject({ new: 0, revised: 0, excluded: 0 });
    expect(hunt.messages).toHaveLength(1);
  });
});

describe('a process that dies', () => {
  it('between write and publish leaves its bytes to the next one', async () => {
    const hunt = world(rowOn('ex01'));
    const publish = (): Promise<never> => Promise.reject(new Error('the process is dead'));
    const dead = mortalPorts({ ...hunt.ports, sink: { ...hunt.sink, publish } }, { call: Infinity, side: 'before' });
    await hunt.cycleOfOne({ startAt: start }, dead.ports);
    expect([hunt.messages.length, pendingIn(hunt)]).toEqual([0, 1]);
    hunt.rows.push(rowOn('ex01', 'removal'));
    hunt.clock.set('2026-03-10T10:17Z');
    await hunt.cycleOfOne();
    expect(hunt.messages.map(({ revision, notes }) => [revision, notes])).toEqual([
      [1, ['export']],
      [2, ['export', 'removal']],
    ]);
    expect(bodies(hunt)[0]).toContain('2026-03-10T10:10:00');
  });

  // A history with everything in it: portions, a late row, a withdrawal, a refused message.
  async function history(death: Death | undefined): Promise<{ readonly hunt: FakeWorld; readonly died: boolean }> {
    const late = { ...rowOn('host001', 'removal'), arrives: '2026-03-10T10:14Z' };
    const undone = { ...rowOn('host002', 'undone'), arrives: '2026-03-10T10:14Z' };
    const hunt = world(...hosts(104), rowOn('host003', 'poison'), late, undone);
    hunt.sink.refuse((body) => body.includes('poison'));
    const programs = [fakeProgram({ matches: (notes) => !notes.includes('undone') })];
    const mortal = death === undefined ? undefined : mortalPorts(hunt.ports, death);
    let isAlive = true;
    for (let cycle = 0; cycle < 5; cycle += 1) {
      await hunt.cycle({ startAt: start, programs }, isAlive ? (mortal?.ports ?? {}) : {});
      isAlive &&= mortal?.isDead() !== true;
      hunt.clock.advanceMinutes(3);
    }
    return { hunt, died: !isAlive };
  }

  function outcome(hunt: FakeWorld): unknown {
    const newest = new Map<string, unknown>();
    for (const { id, revision, status, notes } of hunt.messages) newest.set(id, [revision, status, notes]);
    const incidents = Object.entries(hunt.stored('2026-03-10').bins?.[bin10]?.incidents ?? {});
    return { newest, incidents: incidents.map(([id, { revision, status, pending, refused }]) => [id, revision, status, pending, refused]) };
  }

  it.each(['before', 'after'] as const)('%s any of its calls leaves the same outcome, and no revision has two contents', async (side) => {
    const expected = outcome((await history(undefined)).hunt);
    let deaths = 0;
    for (let call = 1; ; call += 1) {
      const { hunt, died } = await history({ call, side });
      if (!died) break;
      deaths += 1;
      contents(hunt);
      expect(outcome(hunt)).toEqual(expected);
    }
    expect(deaths).toBeGreaterThan(30);
  });
});
