import { createHash } from 'node:crypto';
import type { Entity, IncidentDraft, IncidentStatus } from './incident';

function digest(status: IncidentStatus, { entities, results, rows }: Pick<IncidentDraft, 'entities' | 'results' | 'rows'>): string {
  const hash = createHash('sha256');
  // A line at a time: the whole may be longer than a string can be.
  const line = (content: unknown): unknown => hash.update(`${JSON.stringify(content)}\n`);
  line({ status, entities });
  for (const result of results) line({ result });
  for (const { table, scans, columns } of rows) line({ table, scans, columns });
  return hash.digest('hex');
}

/** SHA-256, hex, of what makes a revision of an active incident differ from the one before. How many copies a source row had is not in it. */
export function activeDigest(content: Pick<IncidentDraft, 'entities' | 'results' | 'rows'>): string {
  return digest('active', content);
}

/** The same of a withdrawn one, which has entities and no evidence. */
export function withdrawnDigest(entities: readonly Entity[]): string {
  return digest('withdrawn', { entities, results: [], rows: [] });
}
