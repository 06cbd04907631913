import { activeDigest, withdrawnDigest } from '../../../src/incident/digest';
import type { EvidenceRow } from '../../../src/incident/incident';

const entities = [{ $id: '1', Type: 'host', HostName: 'ex01' }];
const row: EvidenceRow = { table: 'imProcessCreate', scans: [0], copies: 1, columns: { Dvc: 'ex01' } };

function digestOf(more: Partial<EvidenceRow>): string {
  return activeDigest({ entities, results: [], rows: [{ ...row, ...more }] });
}

it('tells apart every part of a source row but its number of copies', () => {
  const digests = [digestOf({}), digestOf({ table: 'Syslog' }), digestOf({ scans: [0, 1] }), digestOf({ columns: { Dvc: 'ex02' } })];
  expect(new Set(digests).size).toBe(4);
  expect(digestOf({ copies: 2 })).toBe(digestOf({}));
});

it('tells a withdrawn incident from an active one without evidence', () => {
  expect(withdrawnDigest(entities)).not.toBe(activeDigest({ entities, results: [], rows: [] }));
});

it('tells a result row from a source row', () => {
  expect(activeDigest({ entities, results: [row.columns], rows: [] })).not.toBe(activeDigest({ entities, results: [], rows: [row] }));
});

it('is SHA-256 over lines of JSON', () => {
  // printf '{"status":"withdrawn","entities":[]}\n' | sha256sum
  expect(withdrawnDigest([])).toBe('aef98979598ca2d5137a921121f585f6160677e2ec3d9ddbdc9234cee3aaf029');
});
