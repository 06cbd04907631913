import { Cutter } from './cut';
import type { EvidenceRow } from './incident';
import type { IncidentMessage } from './message';
import { Room, Selection } from './selection';

/** Bytes of UTF-8 that a message may have: Azure Monitor takes 64 KB of an event or a field, and the hub adds properties of its own. */
export const MESSAGE_LIMIT = 60_000;

/** Bytes of UTF-8 that a string in a message may have: the first limit that is tried, and the last. */
const LONGEST_STRING = 8_192;
const SHORTEST_STRING = 64;

/** Indices of the first row of each scan. */
function firstOfEachScan(rows: readonly EvidenceRow[]): readonly number[] {
  const first = new Map<number, number>();
  for (const [index, { scans }] of rows.entries()) {
    for (const scan of scans) if (!first.has(scan)) first.set(scan, index);
  }
  return [...new Set(first.values())];
}

/** The message with no string over `limit` bytes; undefined where what goes first does not fit so, unless `limit` is the last one. */
function packAt(message: IncidentMessage, limit: number): IncidentMessage | undefined {
  const cutter = new Cutter(limit);
  const { evidence } = message;
  const frame: IncidentMessage = {
    ...message,
    title: cutter.text(message.title),
    description: cutter.text(message.description),
    tactics: [],
    techniques: [],
    rule: { ...message.rule, name: cutter.text(message.rule.name) },
    entities: [],
    missingEntities: [],
    evidence: { ...evidence, results: [], rows: [] },
  };
  const room = new Room(MESSAGE_LIMIT - Buffer.byteLength(JSON.stringify(frame)));
  const text = (item: string): string => cutter.text(item);
  const tactics = new Selection(message.tactics, text, room);
  const techniques = new Selection(message.techniques, text, room);
  const entities = new Selection(message.entities, (entity) => cutter.texts(entity), room);
  const missingEntities = new Selection(message.missingEntities, text, room);
  const results = new Selection(evidence.results, (result) => cutter.cells(result), room);
  const rows = new Selection(evidence.rows, (row) => ({ ...row, table: cutter.text(row.table), columns: cutter.cells(row.columns) }), room);

  const first = [
    ...[entities, missingEntities, tactics, techniques].map((list) => list.addAll()),
    evidence.results.length === 0 || results.add(0),
    ...firstOfEachScan(evidence.rows).map((index) => rows.add(index)),
  ];
  if (first.includes(false) && limit > SHORTEST_STRING) return undefined;
  let open: readonly { addNext(): boolean }[] = [results, rows];
  while (open.length > 0) open = open.filter((list) => list.addNext());

  const whole = [tactics, techniques, entities, missingEntities, results, rows].every((list) => list.whole);
  return {
    ...frame,
    tactics: tactics.items,
    techniques: techniques.items,
    entities: entities.items,
    missingEntities: missingEntities.items,
    evidence: { ...evidence, results: results.items, rows: rows.items, cut: cutter.cut || !whole },
  };
}

/**
 * The message as JSON in UTF-8, at most MESSAGE_LIMIT bytes of it.
 *
 * Everything but the evidence, one result row, and the first row of each scan go first, every string cut in the middle to 8,192 bytes, or to
 * half of that, and so on down to 64, until they fit; at 64, what does not fit is left out. Then the next result row and the next source row
 * in turn, until the next of either has no room.
 */
export function packMessage(message: IncidentMessage): Uint8Array {
  let limit = LONGEST_STRING;
  let packed = packAt(message, limit);
  while (packed === undefined) {
    limit /= 2;
    packed = packAt(message, limit);
  }
  const bytes = new TextEncoder().encode(JSON.stringify(packed));
  if (bytes.length > MESSAGE_LIMIT)
    throw new Error(`incident ${message.id} takes ${bytes.length} bytes without evidence; ${MESSAGE_LIMIT} is the limit`);
  return bytes;
}
