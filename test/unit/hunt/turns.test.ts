import { Turns, type After } from '../../../src/hunt/turns';

/** A timer that goes off when told to. */
function handTimer(): { readonly after: After; fire(): void } {
  const waiting = new Set<() => void>();
  return {
    after: (_ms, act) => {
      waiting.add(act);
      return () => waiting.delete(act);
    },
    fire: () => {
      for (const act of [...waiting]) {
        waiting.delete(act);
        act();
      }
    },
  };
}

interface Table {
  /** Whose turns have begun, in order. */
  readonly begun: readonly string[];
  take(owner: string): void;
  /** Ends the owner's oldest turn. */
  end(owner: string): Promise<void>;
  slow(): Promise<void>;
}

const settle = async (): Promise<void> => {
  for (let step = 0; step < 5; step += 1) await Promise.resolve();
};

function table(): Table {
  const timer = handTimer();
  const turns = new Turns<string>(timer.after);
  const begun: string[] = [];
  const ends: { readonly owner: string; readonly end: () => void }[] = [];
  return {
    begun,
    take: (owner) =>
      void turns.take(owner).then((end) => {
        begun.push(owner);
        ends.push({ owner, end });
      }),
    end: async (owner) => {
      await settle();
      const at = ends.findIndex((each) => each.owner === owner);
      ends.splice(at, 1)[0]?.end();
      await settle();
    },
    slow: async () => {
      await settle();
      timer.fire();
      await settle();
    },
  };
}

describe('turns', () => {
  it('are five at once', async () => {
    const { take, end, begun } = table();
    for (let index = 0; index < 7; index += 1) take('a');
    await settle();
    expect(begun).toHaveLength(5);
    await end('a');
    expect(begun).toHaveLength(6);
  });

  it('go to whoever has the fewest under way, then to whoever waits longest', async () => {
    const { take, end, begun } = table();
    for (let index = 0; index < 7; index += 1) take('a');
    for (const owner of ['b', 'c', 'b']) take(owner);
    await end('a');
    await end('a');
    await end('a');
    await end('a');
    expect(begun.slice(5)).toEqual(['b', 'c', 'b', 'a']);
  });

  it('that take long are lent to others, and their owner waits for them', async () => {
    const { take, slow, end, begun } = table();
    for (const owner of ['a', 'b', 'c', 'd', 'e', 'a', 'f', 'g']) take(owner);
    await settle();
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
    await slow();
    expect(begun.slice(5)).toEqual(['f', 'g']);
    await end('b');
    expect(begun.filter((owner) => owner === 'a')).toHaveLength(1);
    await end('a');
    expect(begun.at(-1)).toBe('a');
  });

  it('that took long and have ended leave no turn behind', async () => {
    const { take, slow, end, begun } = table();
    for (const owner of ['a', 'b', 'c', 'd', 'e']) take(owner);
    await slow();
    for (const owner of ['a', 'b', 'c', 'd', 'e']) await end(owner);
    for (let index = 0; index < 7; index += 1) take('x');
    await settle();
    expect(begun.filter((owner) => owner === 'x')).toHaveLength(5);
  });
});
