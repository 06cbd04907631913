import { Adjoining } from '../../../src/hunt/adjoining';
import { binKey } from '../../../src/hunt/bins';
import { SwappedBlobs } from '../../../src/hunt/compare-and-swap';
import { RuleLedger } from '../../../src/hunt/ledger';
import { dayFormat } from '../../../src/hunt/ledger-format';
import { EMPTY_BIN, type BinRecord, type IncidentRecord } from '../../../src/hunt/ledger-record';
import { instant, TICKS_PER_HOUR } from '../../../src/value/instant';
import { FakeBlobStore } from '../../support/fake-blob-store';
import { fakeDraft, hourOf, RULE, WORKSPACE } from '../../support/hunt-fakes';

const shifted = { start: instant('2026-03-10T10:30Z'), end: instant('2026-03-10T11:30Z') };
const [before, after] = [hourOf('2026-03-10T10:00Z'), hourOf('2026-03-10T11:00Z')];
const pair = fakeDraft({ bin: shifted, host: 'ex01', notes: ['export'] }).identity;
const evaluated: BinRecord = { ...EMPTY_BIN, evaluatedAt: instant('2026-03-10T12:00Z') };
const left: BinRecord = { ...evaluated, superseded: { pair } };

/** A bin with an incident of the same host as the pair. */
function withIncident(bin: typeof before, status: IncidentRecord['status']): BinRecord {
  const { id, identity, entities, missingEntities, digest } = fakeDraft({ bin, host: 'ex01', notes: ['export'] });
  return {
    ...evaluated,
    incidents: { [id]: { identity, entities, missingEntities, digest, revision: 1, status, pending: [], refused: [] } },
  };
}

async function beside(...records: readonly [BinRecord, BinRecord]): Promise<Adjoining> {
  const store = new FakeBlobStore();
  const bins = { [binKey(before)]: records[0], [binKey(after)]: records[1] };
  store.put(`${WORKSPACE}/${RULE}/2026-03-10.json`, dayFormat.serialise({ bins }));
  const ledger = new RuleLedger(new SwappedBlobs(store), `${WORKSPACE}/${RULE}`);
  await ledger.readDay('2026-03-10');
  return new Adjoining(ledger, { width: TICKS_PER_HOUR, shift: 0n });
}

describe('a pair that was left to an incident of the rule', () => {
  it("is nobody's where that is gone from both bins that the edge parts", async () => {
    expect((await beside(evaluated, withIncident(after, 'withdrawn'))).hasLetGo(shifted, left)).toBe(true);
    expect((await beside(withIncident(before, 'active'), evaluated)).hasLetGo(shifted, left)).toBe(false);
    expect((await beside(evaluated, withIncident(after, 'active'))).hasLetGo(shifted, left)).toBe(false);
  });

  it('is not given back before both are evaluated: what a restored day does not know may stand', async () => {
    expect((await beside(EMPTY_BIN, evaluated)).hasLetGo(shifted, left)).toBe(false);
    expect((await beside(evaluated, EMPTY_BIN)).hasLetGo(shifted, left)).toBe(false);
  });

  it('is none where none was left', async () => {
    expect((await beside(evaluated, evaluated)).hasLetGo(shifted, evaluated)).toBe(false);
  });
});
