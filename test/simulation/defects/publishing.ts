import { RuleLedger } from '../../../src/hunt/ledger';
import type { StoredBlob } from '../../../src/hunt/ports';
import { formatInstant } from '../../../src/value/instant';
import type { IncidentMessage } from '../../../src/incident/message';
import { storedDay } from '../stored-ledger';
import { forgetting, instead, publishingBy, type Defect } from './defect';

/** Of the ledger's writes and the hub's acknowledgements. */
export const publishing: readonly Defect[] = [
  {
    name: 'marks messages sent that the hub did not acknowledge',
    shows: /the hub has it not/,
    ports: publishingBy(async (messages, { sink }) => {
      await sink.publish(messages);
      return { acknowledged: messages.map((_, index) => index), refused: [] };
    }),
  },
  {
    name: 'takes the acknowledgement of a part for that of the whole',
    shows: /the hub has it not/,
    ports: publishingBy(async (messages, { sink }) => {
      const report = await sink.publish(messages);
      return report.acknowledged.length === 0 ? report : { ...report, acknowledged: messages.map((_, index) => index) };
    }),
  },
  {
    name: 'publishes before the ledger has the message',
    shows: /that the ledger never had pending/,
    ports: (ports) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        write: async (path, body, expected) => {
          const bodies = path.endsWith('/head.json') ? [] : [...storedDay(body).values()].flatMap(pendingIn);
          await ports.sink.publish(bodies.map((each) => ({ partitionKey: 'any', body: new TextEncoder().encode(each) })));
          return ports.ledger.write(path, body, expected);
        },
      },
    }),
  },
  {
    name: 'does not publish first what is pending',
    shows: /messages pending/,
    patch: () => instead(RuleLedger.prototype, 'pendingDays', () => () => []),
  },
  {
    name: 'drops what the hub refuses',
    shows: /was refused and is nowhere|the hub has it not/,
    ports: (ports) => ({ ...ports, deadLetters: { ...ports.deadLetters, write: async () => ({ etag: 'none' }) } }),
  },
  {
    name: 'does not record what the hub refused',
    shows: /is not recorded as refused/,
    ports: (ports) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        write: (path, body, expected) => ports.ledger.write(path, body.replace(/"refused":\[[^\]]*\]/g, '"refused":[]'), expected),
      },
    }),
  },
  {
    name: 'composes a message anew whenever it sends it',
    shows: /that the ledger never had pending|has two contents/,
    ports: publishingBy((messages, { sink, clock }) =>
      sink.publish(
        messages.map(({ partitionKey, body }) => {
          const message = JSON.parse(new TextDecoder().decode(body)) as IncidentMessage;
          const anew = { ...message, detectedAt: formatInstant(clock.now()) };
          return { partitionKey, body: new TextEncoder().encode(JSON.stringify(anew)) };
        }),
      ),
    ),
  },
  {
    name: 'sends each revision under a partition key of its own',
    shows: /has the partition key/,
    ports: publishingBy((messages, { sink }) =>
      sink.publish(messages.map(({ partitionKey, body }, index) => ({ partitionKey: `${partitionKey}/${index}`, body }))),
    ),
  },
  {
    name: 'writes the ledger whatever its ETag',
    shows: /a write of .* (?:forgot|took)|went back|the hub has it not|has two contents/,
    ports: (ports) => ({ ...ports, ledger: { ...ports.ledger, write: (path, body) => ports.ledger.write(path, body, '*') } }),
  },
  {
    name: 'after a conflict writes what it has in memory',
    shows: /a write of .* (?:forgot|took)|went back|the hub has it not|has two contents/,
    ports: (ports) => {
      const memory = new Map<string, StoredBlob>();
      const isStale = new Set<string>();
      return {
        ...ports,
        ledger: {
          ...ports.ledger,
          read: async (path) => {
            const blob = await ports.ledger.read(path);
            const known = memory.get(path);
            const read = blob !== undefined && known !== undefined && isStale.delete(path) ? { ...known, etag: blob.etag } : blob;
            if (read !== undefined) memory.set(path, read);
            return read;
          },
          write: async (path, body, expected) => {
            const written = await ports.ledger.write(path, body, expected);
            if (written === 'conflict') isStale.add(path);
            return written;
          },
        },
      };
    },
  },
  {
    name: 'lets an older evaluation take the place of a younger one',
    shows: /took the evaluation of/,
    patch: forgetting({ evaluatedAt: undefined }),
  },
];

function pendingIn(record: {
  readonly incidents: Readonly<Record<string, { readonly pending: readonly { readonly body: string }[] }>>;
}): readonly string[] {
  return Object.values(record.incidents).flatMap(({ pending }) => pending.map(({ body }) => body));
}
