import { activeDigest } from '../../../src/incident/digest';
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

it('tells a result row from a source row', () => {
  expect(activeDigest({ entities, results: [row.columns], rows: [] })).not.toBe(activeDigest({ entities, results: [], rows: [row] }));
});

it('is SHA-256 over lines of JSON', () => {
  // printf '{"status":"active","entities":[]}\n' | sha256sum
  expect(activeDigest({ entities: [], results: [], rows: [] })).toBe('086266fcd9491a48f2ebfad3151e11ecba6b4b81b409889db5642aab37a0eee8');
});
