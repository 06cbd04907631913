import type { CyclePorts } from '../../../src/hunt/cycle';
import { RuleLedger } from '../../../src/hunt/ledger';
import type { BinRecord } from '../../../src/hunt/ledger-record';
import type { OutgoingMessage, PublishReport, PullOutcome, PullRequest } from '../../../src/hunt/ports';
import { planChanges, type Condition, type Fault, type History } from '../history';
import type { Tamper } from '../instance';
import type { Patches } from '../patches';
import { COLUMNS } from '../rules';
import { wireRow } from '../simulated-ports';
import { questionOf, type World } from '../world';

/** A mistake that this program could have, put in from outside. */
export interface Defect extends Tamper {
  /** What the program does then. */
  readonly name: string;
  /** What the judge must say of it: a defect that shows as something else was not understood. */
  readonly shows: RegExp;
  /** To be quick: it can show only in histories for which this is true. */
  readonly where?: (history: History) => boolean;
  /** Instead of functions of the program. */
  readonly patches?: Patches;
  /** Changes a class; gives back how it is undone. */
  readonly patch?: () => () => void;
}

export function hasCondition(...kinds: readonly Condition['kind'][]): (history: History) => boolean {
  return ({ conditions }) => conditions.some(({ kind }) => kinds.includes(kind));
}

export function hasFault(...kinds: readonly Fault['kind'][]): (history: History) => boolean {
  return ({ ticks }) => ticks.some(({ runs }) => runs.some(({ faults }) => faults.some(({ kind }) => kinds.includes(kind))));
}

export function hasPlan(plan: RegExp): (history: History) => boolean {
  return ({ deployments }) => planChanges(deployments).some((each) => plan.test(each.plan));
}

/** Puts a method in the place of a class's own, and gives back how that is undone. */
export function instead<C extends object, M extends keyof C>(prototype: C, name: M, make: (real: C[M]) => C[M]): () => void {
  const real = prototype[name];
  prototype[name] = make(real);
  return () => {
    prototype[name] = real;
  };
}

/** Each write of a bin's record forgets some of what is recorded. */
export function forgetting(forgotten: Partial<BinRecord>): () => () => void {
  return () =>
    instead(
      RuleLedger.prototype,
      'updateBin',
      (real) =>
        function (this: RuleLedger, bin, change) {
          return real.call(this, bin, (record, ...rest) => change({ ...record, ...forgotten }, ...rest));
        },
    );
}

/** Another way to publish with what there is. */
export function publishingBy(
  publish: (messages: readonly OutgoingMessage[], ports: CyclePorts) => Promise<PublishReport>,
): Tamper['ports'] {
  return (ports) => ({ ...ports, sink: { ...ports.sink, publish: (messages) => publish(messages, ports) } });
}

export function answering(ports: CyclePorts, change: (answer: PullOutcome, request: PullRequest) => PullOutcome): CyclePorts {
  return { ...ports, source: { pull: async (request) => change(await ports.source.pull(request), request) } };
}

export function isFailure(answer: PullOutcome, code: string): boolean {
  return answer.kind === 'failed' && answer.code === code;
}

/** An answer that passes for whole. */
export function firstRows(world: World, { workspaceId, query }: PullRequest, count: number): PullOutcome {
  return wholeAnswer(world.rows(questionOf(workspaceId, query)).slice(0, count).map(wireRow));
}

export function wholeAnswer(rows: readonly (readonly string[])[]): PullOutcome {
  return { kind: 'whole', table: { columns: COLUMNS.map((name) => ({ name, type: 'string' })), rows }, requests: 1, throttledMs: 0 };
}
