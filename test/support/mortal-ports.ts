import type { CyclePorts } from '../../src/hunt/cycle';

/** The moment at which a process dies: before or after the call with this number, from 1, of all the calls it makes to its ports. */
export interface Death {
  readonly call: number;
  readonly side: 'before' | 'after';
}

/** Ports as a process sees them that dies: from then on every call is rejected, and the call itself was made or not. */
export function mortalPorts(ports: CyclePorts, { call, side }: Death): { readonly ports: CyclePorts; readonly isDead: () => boolean } {
  let calls = 0;
  let dead = false;
  const guard = <A extends readonly unknown[], R>(method: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return async (...args) => {
      calls += 1;
      if (calls === call && side === 'before') dead = true;
      if (dead) throw new Error('the process is dead');
      const result = await method(...args);
      if (calls >= call) dead = true;
      if (dead) throw new Error('the process is dead');
      return result;
    };
  };
  return { ports: guardedPorts(ports, guard), isDead: () => dead };
}

/** How a call to a port is made: what stands between the cycle and the world. */
export type Guard = <A extends readonly unknown[], R>(method: (...args: A) => Promise<R>) => (...args: A) => Promise<R>;

/** The same ports, each call through the guard; only the clock is left alone. */
export function guardedPorts({ clock, source, sink, ledger, deadLetters }: CyclePorts, guard: Guard): CyclePorts {
  const store = (blobs: CyclePorts['ledger']): CyclePorts['ledger'] => ({
    read: guard((path) => blobs.read(path)),
    write: guard((path, body, expected) => blobs.write(path, body, expected)),
    list: guard((prefix) => blobs.list(prefix)),
  });
  return {
    clock,
    source: { pull: guard((request) => source.pull(request)) },
    sink: {
      probe: guard(() => sink.probe()),
      publish: guard((messages) => sink.publish(messages)),
      close: guard(() => sink.close()),
    },
    ledger: store(ledger),
    deadLetters: store(deadLetters),
  };
}
