import { kqlInstant, kqlName } from '../plan/kql-text';
import type { TimeRange } from '../value/instant';
import { isPlaceholder, sourceTokens } from './source-text';

/** How tables are read: a table's name in rules -> the KQL that stands for it in a workspace. A table without an entry is its own name. */
export type Sources = ReadonlyMap<string, string>;

/** Defender's tables, whose rules bin by a Timestamp that only some workspaces have. */
const defenderTables = [
  'AlertEvidence',
  'AlertInfo',
  'CloudAppEvents',
  'DeviceEvents',
  'DeviceFileCertificateInfo',
  'DeviceFileEvents',
  'DeviceImageLoadEvents',
  'DeviceInfo',
  'DeviceLogonEvents',
  'DeviceNetworkEvents',
  'DeviceNetworkInfo',
  'DeviceProcessEvents',
  'DeviceRegistryEvents',
  'EmailAttachmentInfo',
  'EmailEvents',
  'EmailPostDeliveryEvents',
  'EmailUrlInfo',
  'IdentityDirectoryEvents',
  'IdentityLogonEvents',
  'IdentityQueryEvents',
  'UrlClickEvents',
];

/** The parsers that a workspace may lack or keep in an old version, and those that are built in, and take every source there is. */
const parsers = [
  ['imProcessCreate', '_Im_ProcessCreate'],
  ['imAuthentication', '_Im_Authentication'],
  ['imDns', '_Im_Dns'],
  ['imFileEvent', '_Im_FileEvent'],
  ['imNetworkSession', '_Im_NetworkSession'],
  ['imRegistry', '_Im_RegistryEvent'],
  ['imWebSession', '_Im_WebSession'],
] as const;

/**
 * What holds unless HUNT_SOURCES says otherwise. https://learn.microsoft.com/azure/sentinel/normalization-about-parsers
 */
export const defaultSources: Sources = new Map([
  ...parsers.map(([table, parser]) => [table, `${parser}(starttime={start}, endtime={end})`] as const),
  ...defenderTables.map((table) => [table, `${table} | extend Timestamp = column_ifexists('Timestamp', TimeGenerated)`] as const),
]);

/**
 * The KQL that reads a table, `{start}` and `{end}` filled in with the range's ends as datetime literals, outside of string and dynamic
 * literals. Whether the rows keep to the range is the source's affair: the query that is built on it bounds the event time itself.
 */
export function renderSource(sources: Sources, table: string, range: TimeRange): string {
  const text = sources.get(table);
  if (text === undefined) return kqlName(table);
  return sourceTokens(text)
    .map((token) => (isPlaceholder(token) ? kqlInstant(token.text === '{start}' ? range.start : range.end) : token.text))
    .join('');
}
