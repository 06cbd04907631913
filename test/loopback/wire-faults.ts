import { fault as answers, type Fault as HttpFault } from '../../src/local/log-analytics/faults';
import type { SendFault, Fault as AmqpFault } from '../../src/local/event-hub/faults';
import type { Fault as BlobFault } from '../support/faulty-proxy';
import type { Random } from '../simulation/random';

/** What goes wrong on the wire, as the services and the network make it go wrong. */
export type WireFault = Named<'Log Analytics', HttpFault> | Named<'Event Hub', AmqpFault> | Named<'Blob Storage', BlobFault>;

interface Named<S extends string, F> {
  readonly service: S;
  readonly name: string;
  readonly fault: F;
}

/** A fault, and which requests of its service meet it, counted from a cycle's beginning: `times` from `first` on, the first being 0. */
export interface PlannedFault {
  readonly wire: WireFault;
  readonly first: number;
  readonly times: number;
}

const http: Readonly<Record<string, HttpFault>> = {
  '429 with Retry-After': answers.throttled('3'),
  '429 without Retry-After': answers.throttled(),
  '500': answers.status(500),
  '503': answers.status(503),
  '503 with Retry-After': answers.status(503, { 'retry-after': '2' }),
  '504': answers.status(504),
  '200 with an error beside the rows': answers.partial('Low memory condition (E_LOW_MEMORY_CONDITION)'),
  '200 with rows cut at the limit': answers.partial('Query result set has exceeded the limit (E_QUERY_RESULT_SET_TOO_LARGE)'),
  '204': answers.noContent,
  'an empty body': answers.emptyBody,
  'a body that is not JSON': answers.notJson,
  'half a body': { kind: 'half-body' },
  'a reset before the answer': { kind: 'reset', at: 'before' },
  'a reset in mid-answer': { kind: 'reset', at: 'midway' },
  'a stall before the answer': { kind: 'stall', at: 'before' },
  'a stall in mid-answer': { kind: 'stall', at: 'midway' },
  'a slow answer': { kind: 'slow', ms: 30 },
};

const sends = (answer: 'detach' | 'reset' | 'silence', stored: boolean): SendFault => ({ at: 'send', answer, stored });

const amqp: Readonly<Record<string, AmqpFault>> = {
  'server busy': { at: 'send', answer: 'reject', condition: 'com.microsoft:server-busy' },
  'a quota exceeded': { at: 'send', answer: 'reject', condition: 'amqp:resource-limit-exceeded' },
  'a batch given back': { at: 'send', answer: 'release' },
  'a detach before it is stored': sends('detach', false),
  'a detach after it was stored': sends('detach', true),
  'a reset before it is stored': sends('reset', false),
  'a reset after it was stored': sends('reset', true),
  'no disposition, not stored': sends('silence', false),
  'no disposition, stored': sends('silence', true),
  'an attach refused': { at: 'attach', condition: 'com.microsoft:server-busy' },
  'a token refused': { at: 'token', answer: 'refuse' },
  'a token never answered': { at: 'token', answer: 'silence' },
  'a reset instead of an answer to a token': { at: 'token', answer: 'reset' },
};

const blob: Readonly<Record<string, BlobFault>> = {
  '409, it exists already': { status: 409, code: 'BlobAlreadyExists' },
  '409, leased': { status: 409, code: 'LeaseAlreadyPresent' },
  '412': { status: 412, code: 'ConditionNotMet' },
  '500': { status: 500, code: 'InternalError' },
  '503': { status: 503, code: 'ServerBusy' },
  'no answer': 'hang',
  'a reset': 'reset',
  'an answer that is lost': 'lose-answer',
  'half an answer': 'half-answer',
  'a stall in mid-answer': 'stall',
};

function named<S extends WireFault['service'], F>(
  service: S,
  faults: Readonly<Record<string, F>>,
): readonly { readonly service: S; readonly name: string; readonly fault: F }[] {
  return Object.entries(faults).map(([name, fault]) => ({ service, name: `${service}: ${name}`, fault }));
}

const ofLogAnalytics = named('Log Analytics', http);
const ofEventHub = named('Event Hub', amqp);
const ofBlobStorage = named('Blob Storage', blob);

export const wireFaults: readonly WireFault[] = [...ofLogAnalytics, ...ofEventHub, ...ofBlobStorage];

/** As often as to be retried in vain, now and then. */
export function planFaults(random: Random): readonly PlannedFault[] {
  return random.times(random.int(1, 3), () => {
    const wire: WireFault = random.weighted<WireFault>(
      [5, random.pick(ofLogAnalytics)],
      [4, random.pick(ofEventHub)],
      [4, random.pick(ofBlobStorage)],
    );
    return { wire, first: wire.service === 'Event Hub' ? 0 : random.int(0, 14), times: random.weighted([5, 1], [3, 2], [2, 4]) };
  });
}
