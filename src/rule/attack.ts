/**
 * The tactics of MITRE ATT&CK as Sentinel spells them: the Enterprise matrix, and two of the matrix for industrial control systems.
 * Source: https://learn.microsoft.com/rest/api/securityinsights/alert-rules/get (AttackTactic)
 */
const tactics = [
  'Reconnaissance',
  'ResourceDevelopment',
  'InitialAccess',
  'Execution',
  'Persistence',
  'PrivilegeEscalation',
  'DefenseEvasion',
  'CredentialAccess',
  'Discovery',
  'LateralMovement',
  'Collection',
  'CommandAndControl',
  'Exfiltration',
  'Impact',
  'ImpairProcessControl',
  'InhibitResponseFunction',
] as const;

export const tacticNames: readonly string[] = tactics;

/** The tactic in Sentinel's spelling; case, spaces and hyphens do not count ("Credential access"). Undefined for anything else. */
export function canonicalTactic(text: string): string | undefined {
  const squeezed = text.replace(/[\s_-]+/g, '').toLowerCase();
  return tactics.find((tactic) => tactic.toLowerCase() === squeezed);
}

const TECHNIQUE = /^T\d{4}(\.\d{3})?$/;

/** The technique's id in upper case, T1114 or T1114.002; undefined where the text is not of that form. Whether ATT&CK has such a technique is not checked. */
export function canonicalTechnique(text: string): string | undefined {
  const id = text.trim().toUpperCase();
  return TECHNIQUE.test(id) ? id : undefined;
}
