import type { Position } from './lines';
import type { Report } from './report';
import { scalarOffsets } from './scalar-offsets';
import type { YamlMember } from './yaml-value';

/** A query's text, and where each part of it stands in its file. */
export interface RuleQuery {
  readonly text: string;
  /** The place in the file of a UTF-16 offset in `text`; its length is the place behind it. */
  readonly position: (offset: number) => Position;
}

const FENCE = /^\s*```(?:kusto|kql)?[ \t]*\r?\n/i;
const FENCE_END = /\r?\n[ \t]*```\s*$/;

/** The query of a rule, without the Markdown fence that some files of Defender's hunting queries put around it. */
export function readQuery(report: Report, member: YamlMember): RuleQuery | undefined {
  const scalar = member.value.scalar;
  const value = member.value.text();
  if (scalar === undefined || value === undefined) {
    report.add('RULE005', member.value.place, '"query" is not a text');
    return undefined;
  }
  const opening = FENCE.exec(value)?.[0] ?? '';
  const closing = FENCE_END.exec(value)?.[0] ?? '';
  if ((opening === '') !== (closing === '')) report.add('RULE028', member.value.place, 'the query has one ``` fence, not two');
  const text = value.slice(opening.length, value.length - closing.length);
  if (text.trim() === '') {
    report.add('RULE004', member.place, '"query" is empty');
    return undefined;
  }
  const offsets = scalarOffsets(report.lines.text, scalar);
  const last = offsets.length - 1;
  return { text, position: (offset) => report.lines.position(offsets[Math.min(Math.max(offset, 0) + opening.length, last)] ?? 0) };
}
