import { Coverage } from '../../../src/hunt/coverage';
import { addTicks, TICKS_PER_DAY } from '../../../src/value/instant';
import type { Command, History } from '../history';
import { DAMAGED } from '../stored-ledger';
import { questionOf } from '../world';
import { answering, instead, wholeAnswer, type Defect } from './defect';

/** Of what is done by hand: backfills, and blobs of the ledger that are damaged and brought back. */
export const commanding: readonly Defect[] = [
  {
    name: 'forgets which hours were backfilled',
    shows: /was not backfilled|is active and not true/,
    where: hasCommand('backfill'),
    patch: () => instead(Coverage.prototype, 'include', () => async () => undefined),
  },
  {
    name: 'backfills hours from before the oldest row',
    shows: /which was not asked for or refused/,
    where: hasCommand('backfill'),
    ports: (ports) =>
      answering(ports, (answer, { workspaceId, query }) =>
        questionOf(workspaceId, query).isForAny && answer.kind === 'whole' ? wholeAnswer([['0', '', '', '']]) : answer,
      ),
  },
  {
    name: 'takes a blob that cannot be read for an empty one',
    shows: /has two contents|failing bins, and/,
    where: hasCommand('damage'),
    ports: (ports) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        read: async (path) => {
          const blob = await ports.ledger.read(path);
          const isLost = blob?.body === DAMAGED && !path.endsWith('/head.json');
          return isLost ? { ...blob, body: '{"formatVersion":1,"bins":{}}' } : blob;
        },
      },
    }),
  },
  {
    name: 'counts revisions of a restored day from where its version left off',
    shows: /has two contents/,
    where: hasCommand('damage'),
    ports: (ports) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        write: (path, body, expected) => ports.ledger.write(path, body.replace(/"revisionFloor":\d+,/, ''), expected),
      },
    }),
  },
  {
    name: 'does not look again at a settled day that was restored',
    shows: /is not covered at/,
    where: (history) => history.commands.some(({ kind, at }) => kind === 'damage' && at > addTicks(history.end, TICKS_PER_DAY)),
    patch: () => instead(Coverage.prototype, 'revisit', () => async () => undefined),
  },
];

function hasCommand(kind: Command['kind']): (history: History) => boolean {
  return ({ commands }) => commands.some((command) => command.kind === kind);
}
