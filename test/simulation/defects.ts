import type { Bin } from '../../src/hunt/bins';
import type { CyclePorts } from '../../src/hunt/cycle';
import type { dueBins, isAudited } from '../../src/hunt/due';
import { RuleLedger } from '../../src/hunt/ledger';
import type { PullOutcome, PullRequest } from '../../src/hunt/ports';
import type { reconcile } from '../../src/hunt/reconcile';
import { addTicks, formatInstant, TICKS_PER_HOUR } from '../../src/value/instant';
import type { Tamper } from './instance';
import { COLUMNS, type Message } from './rules';
import { wireRow } from './simulated-ports';
import { questionOf, type World } from './world';

/** A mistake that this program could have, put in from outside. */
export interface Defect extends Tamper {
  /** What the program does then. */
  readonly name: string;
  /** Instead of functions of the program. */
  readonly patches?: Patches;
  /** Changes a class; gives back how it is undone. */
  readonly patch?: () => () => void;
}

/** Functions that a test puts in the place of the program's own, each with that one as its first argument. */
export interface Patches {
  readonly dueBins?: Instead<typeof dueBins>;
  readonly isAudited?: Instead<typeof isAudited>;
  readonly reconcile?: Instead<typeof reconcile>;
}

type Instead<F extends (...args: never[]) => unknown> = (real: F, ...args: Parameters<F>) => ReturnType<F>;

export const defects: readonly Defect[] = [
  {
    name: 'marks messages sent that the hub did not acknowledge',
    ports: (ports) => ({
      ...ports,
      sink: {
        ...ports.sink,
        publish: async (messages) => {
          await ports.sink.publish(messages);
          return { acknowledged: messages.map((_, index) => index), refused: [] };
        },
      },
    }),
  },
  {
    name: 'takes the rows that come with a partial error for all rows',
    ports: (ports, world) =>
      answering(ports, (answer, request) => (isFailure(answer, 'partial-error') ? firstRows(world, request, 1) : answer)),
  },
  {
    name: 'takes an empty body for no rows',
    ports: (ports, world) =>
      answering(ports, (answer, request) => (isFailure(answer, 'empty-body') ? firstRows(world, request, 0) : answer)),
  },
  {
    name: 'takes the rows up to the limit for all rows',
    ports: (ports, world) => answering(ports, (answer, request) => (answer.kind === 'too-large' ? firstRows(world, request, 4) : answer)),
  },
  {
    name: 'writes the ledger whatever its ETag',
    ports: (ports) => ({ ...ports, ledger: { ...ports.ledger, write: (path, body) => ports.ledger.write(path, body, '*') } }),
  },
  {
    name: 'drops what the hub refuses',
    ports: (ports) => ({ ...ports, deadLetters: { ...ports.deadLetters, write: async () => ({ etag: 'none' }) } }),
  },
  {
    name: 'composes a message anew whenever it sends it',
    ports: (ports) => ({
      ...ports,
      sink: {
        ...ports.sink,
        publish: (messages) =>
          ports.sink.publish(
            messages.map(({ partitionKey, body }) => {
              const message = JSON.parse(new TextDecoder().decode(body)) as Message;
              const anew = { ...message, detectedAt: formatInstant(ports.clock.now()) };
              return { partitionKey, body: new TextEncoder().encode(JSON.stringify(anew)) };
            }),
          ),
      },
    }),
  },
  {
    name: 'counts copies of rows into the digest',
    plan: (plan) => ({
      ...plan,
      program: {
        ...plan.program,
        draft: (input) => {
          const rows = [...input.rows.values()].reduce((sum, { length }) => sum + length, 0);
          return plan.program.draft(input).map((draft) => ({ ...draft, digest: `${draft.digest} ${rows}` }));
        },
      },
    }),
  },
  {
    name: 'is done with a bin 24 hours after its close',
    patches: {
      dueBins: (real, question) =>
        real(question).filter((bin) => (question.recorded(bin)?.evaluatedAt ?? 0n) < addTicks(bin.end, 24n * TICKS_PER_HOUR)),
    },
  },
  {
    name: 'ignores what comes after the first evaluation of a closed bin',
    patches: { dueBins: (real, question) => real(question).filter((bin) => (question.recorded(bin)?.evaluatedAt ?? 0n) < bin.end) },
  },
  {
    name: 'skips the bins of a lost tick',
    patches: {
      dueBins: (real, question) => {
        const isRecent = (bin: Bin): boolean => addTicks(bin.end, question.grid.width) >= question.now;
        return real(question).filter((bin) => isRecent(bin) || question.recorded(bin) !== undefined);
      },
    },
  },
  {
    name: 'evaluates a rule that is not monotone before its bin is settled',
    patches: { dueBins: (real, question) => real({ ...question, monotone: true }) },
  },
  {
    name: 'settles bins that are final and not audited',
    patches: {
      isAudited: (_, bin, record) => record?.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, 49n * TICKS_PER_HOUR),
    },
  },
  {
    name: 'uses a revision again',
    patches: {
      reconcile: (real, ...args) => {
        const { changes, shrunk } = real(...args);
        return {
          shrunk,
          changes: changes.map((change) =>
            change.kind === 'revised' ? { ...change, revision: Math.max(1, change.revision - 1) } : change,
          ),
        };
      },
    },
  },
  {
    name: 'takes fewer rows for the truth',
    patches: { reconcile: (real, record, ...rest) => real({ ...record, tables: {} }, ...rest) },
  },
  {
    name: 'does not notice that the plan is another',
    patches: { reconcile: (real, record, finding, excludes) => real({ ...record, ruleHash: finding.ruleHash }, finding, excludes) },
  },
  {
    name: 'does not publish first what is pending',
    patch: () => {
      const { pendingDays } = RuleLedger.prototype;
      RuleLedger.prototype.pendingDays = () => [];
      return () => (RuleLedger.prototype.pendingDays = pendingDays);
    },
  },
];

function answering(ports: CyclePorts, change: (answer: PullOutcome, request: PullRequest) => PullOutcome): CyclePorts {
  return { ...ports, source: { pull: async (request) => change(await ports.source.pull(request), request) } };
}

function isFailure(answer: PullOutcome, code: string): boolean {
  return answer.kind === 'failed' && answer.code === code;
}

function firstRows(world: World, { workspaceId, query }: PullRequest, count: number): PullOutcome {
  const rows = world.rows(questionOf(workspaceId, query)).slice(0, count).map(wireRow);
  return { kind: 'whole', table: { columns: COLUMNS.map((name) => ({ name, type: 'string' })), rows }, requests: 1, throttledMs: 0 };
}
