/**
 * exclusions.yaml: hosts and accounts of which a rule is to make no incident. Plain data, since the build hands it on as JSON.
 * A pattern is compared ignoring case with the whole value; `*` in it stands for any characters, also for none.
 */
export interface Exclusion {
  /** Id of the rule: GUID in lower case. */
  readonly rule: string;
  /** A pattern; at least one of host and account is there, and where both are, both must match. */
  readonly host?: string;
  readonly account?: string;
  readonly reason: string;
  /** From this instant on it no longer applies; null: never. As formatInstant gives it. */
  readonly expires: string | null;
}

/** The identifiers of an entity mapping whose values an exclusion is compared with, as the rule gives them, before any splitting. */
export const excludedBy = {
  host: { entityType: 'Host', identifiers: ['FullName', 'HostName', 'NetBiosName'] },
  account: { entityType: 'Account', identifiers: ['FullName', 'Name'] },
} as const satisfies Readonly<Record<string, { readonly entityType: string; readonly identifiers: readonly string[] }>>;

export type ExclusionSubject = keyof typeof excludedBy;
