import type { CyclePorts } from '../../src/hunt/cycle';
import {
  PortUnavailable,
  type IncidentSink,
  type OutgoingMessage,
  type PublishReport,
  type PullOutcome,
  type PullRequest,
  type RowSource,
  type VersionedBlobStore,
} from '../../src/hunt/ports';
import { binAt } from '../../src/hunt/bins';
import type { Fault, HistoryRow } from './history';
import type { Call, Instance } from './instance';
import { COLUMNS } from './rules';
import { unavailable, type Store } from './store';
import { placeOf } from './stored-ledger';
import { questionOf, type Question, type World } from './world';

/** The ports through which one instance sees the world. */
export function simulatedPorts(instance: Instance, world: World): CyclePorts {
  return {
    clock: { now: () => instance.now },
    source: rowSource(instance, world),
    sink: sink(instance, world),
    ledger: store(instance, world, world.ledger, 'ledger'),
    deadLetters: store(instance, world, world.deadLetters, 'dead letters'),
  };
}

const WHOLE = { requests: 1, throttledMs: 0 } as const;

const tooLarge: readonly string[] = ['result set too large', 'runaway query', 'too many rows', 'gateway timeout'];

function rowSource(instance: Instance, world: World): RowSource {
  return {
    pull: (request) =>
      instance.call({ on: 'pull', name: 'pull' }, (fault) => {
        const answer = pull(instance, world, request, fault?.on === 'pull' ? fault.kind : undefined);
        countAnswer(world, request, answer);
        world.passSeconds(world.history.latency + (fault?.kind === 'slow' ? 600 : 0));
        return answer;
      }),
  };
}

/** But for a question of how far back there are rows, which is not a cycle's. */
function countAnswer({ counter }: World, { workspaceId, query }: PullRequest, answer: PullOutcome): void {
  const { plan, isForAny } = questionOf(workspaceId, query);
  if (isForAny) return;
  counter.count(workspaceId, plan.rule, 'requests', answer.requests);
  counter.count(workspaceId, plan.rule, 'throttledMs', answer.throttledMs);
  if (answer.kind === 'whole') counter.count(workspaceId, plan.rule, 'rows', answer.table.rows.length);
}

type PullFault = (Fault & { readonly on: 'pull' })['kind'];

function pull(instance: Instance, world: World, { workspaceId, query, signal }: PullRequest, fault: PullFault | undefined): PullOutcome {
  const question = questionOf(workspaceId, query);
  if (!question.isForAny) instance.asked(question);
  if (isBeyond(instance, question)) instance.signal.abort();
  if (signal?.aborted === true) throw new DOMException('the pull was aborted', 'AbortError');
  if (fault === 'throws') throw new Error('the simulated row source has a bug');
  if (fault !== undefined && tooLarge.includes(fault)) return { kind: 'too-large', reason: fault, ...WHOLE };
  if (world.isOut('row source', workspaceId)) {
    instance.meetInPull(world.isOut('row source') ? 'outage: row source' : 'outage: row source of one workspace');
    return { kind: 'failed', code: 'server-error', reason: 'the workspace is away', ...WHOLE };
  }
  const isLacking = world.holding('no-source').some(({ table }) => table === question.table);
  if (isLacking || fault === 'no source') {
    instance.meetInPull(fault === 'no source' ? 'no source after all' : 'condition: no-source');
    return { kind: 'no-source', reason: 'there is no such table', ...WHOLE };
  }
  if (isPoisoned(world, question)) {
    instance.meetInPull('condition: poison');
    return { kind: 'failed', code: 'server-error', reason: 'the workspace cannot read these rows', ...WHOLE };
  }
  switch (fault) {
    case undefined:
    case 'slow':
      return whole(instance, world, question);
    case 'throttled':
      return { ...whole(instance, world, question), throttledMs: 30_000 };
    case 'wrong columns':
      return { kind: 'whole', table: { columns: [], rows: [] }, ...WHOLE };
    default:
      return { kind: 'failed', code: fault.replaceAll(' ', '-'), reason: fault, ...WHOLE };
  }
}

/** A closed bin that begins when the history is over, and is not the last one that closed. */
function isBeyond({ until, startedAt }: Instance, { plan, range }: Question): boolean {
  return until !== undefined && range.start >= until && range.end < binAt(plan.program.grid, startedAt).start;
}

function isPoisoned(world: World, { table, range }: Question): boolean {
  return world.holding('poison').some((poison) => poison.table === table && poison.at >= range.start && poison.at < range.end);
}

function whole(instance: Instance, world: World, question: Question): PullOutcome {
  const found = world.rows(question);
  const all = question.isForAny ? found.slice(0, 1) : found;
  const limit = world.holding('limit').find(({ rows }) => all.length > rows);
  if (limit !== undefined) {
    instance.meetInPull('condition: limit');
    return { kind: 'too-large', reason: `more than ${limit.rows} rows`, ...WHOLE };
  }
  const thin = question.isForAny || world.holding('thin').length === 0 ? undefined : world.thinned(question, all);
  if (thin !== undefined) instance.meetInPull('condition: thin');
  return {
    kind: 'whole',
    table: { columns: COLUMNS.map((name) => ({ name, type: 'string' })), rows: (thin ?? all).map(wireRow) },
    ...WHOLE,
  };
}

export function wireRow({ at, host, account, note }: HistoryRow): readonly string[] {
  return [at.toString(), host, account, note];
}

/** In bytes of UTF-8. */
export const LARGEST_MESSAGE = 6_000;

function sink(instance: Instance, world: World): IncidentSink {
  return {
    probe: () =>
      instance.call({ on: 'probe', name: 'probe' }, (fault) => {
        if (fault?.kind === 'throws') throw new Error('the simulated hub has a bug');
        if (fault !== undefined || isHubOut(instance, world)) throw new PortUnavailable('hub', 'the simulated hub is away');
      }),
    publish: (messages) =>
      instance.call({ on: 'publish', name: 'publish' }, (fault) =>
        publish(instance, world, messages, fault?.on === 'publish' ? fault.kind : undefined),
      ),
    close: async () => undefined,
  };
}

type PublishFault = (Fault & { readonly on: 'publish' })['kind'];

function publish(instance: Instance, world: World, messages: readonly OutgoingMessage[], fault: PublishFault | undefined): PublishReport {
  if (fault === 'throws') throw new Error('the simulated hub has a bug');
  if (fault === 'unreachable' || isHubOut(instance, world)) return { acknowledged: [], refused: [], unreachable: 'the hub is away' };
  const half = Math.floor(messages.length / 2);
  const taken = fault === 'cut off half-way' ? half : fault === 'acknowledgement lost' ? half + 1 : messages.length;
  const heard = fault === 'acknowledgement lost' ? half : fault === 'nothing acknowledged' ? 0 : taken;
  const acknowledged: number[] = [];
  const refused: { readonly index: number; readonly reason: string }[] = [];
  for (const [index, { partitionKey, body }] of messages.slice(0, taken).entries()) {
    const isTooLarge = body.length > LARGEST_MESSAGE;
    for (let copies = fault === 'stored twice' ? 2 : 1; copies > 0 && !isTooLarge; copies -= 1)
      world.receive(partitionKey, new TextDecoder().decode(body));
    if (index >= heard) continue;
    if (isTooLarge) refused.push({ index, reason: `larger than ${LARGEST_MESSAGE} bytes` });
    else acknowledged.push(index);
  }
  return { acknowledged, refused, ...(heard < messages.length ? { unreachable: 'the hub did not acknowledge' } : {}) };
}

function isHubOut(instance: Instance, world: World): boolean {
  const isOut = world.isOut('hub');
  if (isOut) instance.meet('outage: hub');
  return isOut;
}

function store(instance: Instance, world: World, blobs: Store, of: 'ledger' | 'dead letters'): CyclePorts['ledger'] {
  const isLedger = of === 'ledger';
  const call = (verb: 'read' | 'write', path: string): Call => {
    if (isLedger) leaveAlone(instance, world, path);
    if (!isLedger) return { on: 'dead-letter', name: `${verb} dead-letter` };
    return { on: verb, name: `${verb} ${path.endsWith('/head.json') ? 'head' : 'day'}` };
  };
  const reach = (): void => {
    if (!world.isOut(of)) return;
    instance.meet(`outage: ${of}`);
    throw unavailable();
  };
  return {
    read: (path) =>
      instance.call(call('read', path), (fault) => {
        reach();
        if (fault !== undefined) throw unavailable();
        return blobs.read(path);
      }),
    write: (path, body, expected) =>
      instance.call(call('write', path), (fault) => {
        reach();
        world.isRestoring = instance.isRestore;
        try {
          return blobs.write(path, body, expected, fault?.on === 'write' || fault?.on === 'dead-letter' ? fault.kind : undefined);
        } finally {
          world.isRestoring = false;
        }
      }),
    list: (prefix) =>
      instance.call(call('read', prefix), () => {
        reach();
        return blobs.list(prefix);
      }),
  };
}

/** Where pairs are not asked for, nothing that is recorded of them is touched. */
function leaveAlone({ plans }: Instance, { forbidden }: World, path: string): void {
  const { rule, folder } = placeOf(path);
  const isOff = plans.some((plan) => plan.rule === rule && plan.program.splitPairs === 'off');
  if (isOff && folder !== rule) forbidden.add(`an instance that asks for no pairs touched ${path}`);
}

/** The ledger as `hunt restore` sees it, where so many of the newest versions of a blob are not kept, but for the oldest. */
export function versionedLedger(instance: Instance, world: World, ledger: CyclePorts['ledger'], forgotten: number): VersionedBlobStore {
  const { ledger: blobs } = world;
  const versions = (path: string): ReturnType<Store['versionsOf']> => {
    const all = blobs.versionsOf(path);
    return all.slice(Math.min(forgotten, all.length - 1));
  };
  const read = <T>(act: () => T): Promise<T> => instance.call({ on: 'read', name: 'read version' }, act);
  return {
    ...ledger,
    versions: (path) => read(() => versions(path)),
    readVersion: (path, id) => read(() => versions(path).find((version) => version.id === id)?.body),
  };
}
