/** What a link is for, by its address. */
export type Address =
  | { readonly kind: 'tokens' }
  | { readonly kind: 'management' }
  /** A producer, to one partition or, undefined, to that which the hub chooses. */
  | { readonly kind: 'producer'; readonly partition: string | undefined }
  | { readonly kind: 'consumer'; readonly group: string; readonly partition: string };

const BELOW_HUB = /^(?:ConsumerGroups\/([^/]+)\/)?Partitions\/([^/]+)$/;

/** Undefined for an address that the hub of this name does not have. */
export function parseAddress(address: unknown, hubName: string, isPartition: (partition: string) => boolean): Address | undefined {
  if (typeof address !== 'string') return undefined;
  if (address === '$cbs') return { kind: 'tokens' };
  if (address === '$management') return { kind: 'management' };
  if (address === hubName) return { kind: 'producer', partition: undefined };
  if (!address.startsWith(`${hubName}/`)) return undefined;
  const [, group, partition] = BELOW_HUB.exec(address.slice(hubName.length + 1)) ?? [];
  if (partition === undefined || !isPartition(partition)) return undefined;
  return group === undefined ? { kind: 'producer', partition } : { kind: 'consumer', group, partition };
}
