import { createHash } from 'node:crypto';
import type { IncidentDraft } from './incident';

/** SHA-256, hex, of what makes a revision of an active incident differ from the one before. How many copies a source row had is not in it. */
export function activeDigest({ entities, results, rows }: Pick<IncidentDraft, 'entities' | 'results' | 'rows'>): string {
  const hash = createHash('sha256');
  // A line at a time: the whole may be longer than a string can be.
  const line = (content: unknown): unknown => hash.update(`${JSON.stringify(content)}\n`);
  line({ status: 'active', entities });
  for (const result of results) line({ result });
  for (const { table, scans, columns } of rows) line({ table, scans, columns });
  return hash.digest('hex');
}
