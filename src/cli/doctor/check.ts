/**
 * What one check found:
 * - ok: it is as it must be; `detail` may add what was seen.
 * - not-ok: `detail` says what is missing, `commands` what mends it.
 * - not-checked: something that it needs is not ok, or it is not in use here; `detail` says which.
 */
export interface Check {
  /** What was looked at, e.g. `workspace …, table SecurityEvent`. */
  readonly what: string;
  readonly status: 'ok' | 'not-ok' | 'not-checked';
  readonly detail?: string;
  /** For a shell with the Azure CLI. */
  readonly commands?: readonly string[];
}

export const ok = (what: string, detail?: string): Check => ({ what, status: 'ok', ...(detail === undefined ? {} : { detail }) });

export const notOk = (what: string, detail: string, commands: readonly string[] = []): Check => ({
  what,
  status: 'not-ok',
  detail,
  commands,
});

export const notChecked = (what: string, detail: string): Check => ({ what, status: 'not-checked', detail });
