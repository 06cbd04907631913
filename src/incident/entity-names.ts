/**
 * Splits the names that rows carry into Sentinel's identifiers.
 * https://learn.microsoft.com/azure/sentinel/entities-reference
 *
 * An empty part is left out, so no identifier is ever empty; case stays as it is. Nothing is dropped for being too general. Sentinel itself
 * drops an account known by Name alone where that is a built-in one (SYSTEM, ADMINISTRATOR, ROOT, NETWORK SERVICE, …): such a name stays
 * with the domain that stood before it, and with the Sid where the rows have one.
 */

/** Identifiers of one entity, under Sentinel's names; none is empty. */
export type Identifiers = Readonly<Record<string, string>>;

// CN=Alice,OU=Users,DC=contoso,DC=com
const DISTINGUISHED_NAME = /^(?:CN|OU|DC|UID|O|L|ST|C)=/i;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function withoutEmpty(parts: Readonly<Record<string, string>>): Identifiers {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''));
}

/** DOMAIN\rest at the first run of backslashes, leading ones aside. Windows writes `.` for the machine itself, which is not a domain. */
function splitDomain(text: string): { readonly domain: string; readonly rest: string } {
  const name = text.replace(/^\\+/, '');
  const end = name.indexOf('\\');
  if (end < 0) return { domain: '', rest: name };
  const domain = name.slice(0, end);
  return { domain: domain === '.' ? '' : domain, rest: name.slice(end).replace(/^\\+/, '') };
}

function withoutTrailingDots(text: string): string {
  let end = text.length;
  while (text[end - 1] === '.') end -= 1;
  return text.slice(0, end);
}

/**
 * DOMAIN\user → NTDomain, Name; user@suffix → Name, UPNSuffix (at the last @); DOMAIN\user@suffix → all three; anything else is a Name.
 * A distinguished name is a Name as it stands: its CN need not be the account's name.
 */
export function splitAccountName(text: string): Identifiers {
  if (DISTINGUISHED_NAME.test(text)) return { Name: text };
  const { domain, rest } = splitDomain(text);
  const at = rest.lastIndexOf('@');
  const [name, suffix] = at < 0 ? [rest, ''] : [rest.slice(0, at), rest.slice(at + 1)];
  return withoutEmpty({ Name: name, NTDomain: domain, UPNSuffix: suffix });
}

/**
 * host.a.b → HostName, DnsDomain; DOMAIN\host → HostName, NTDomain; DOMAIN\host.a.b → all three; anything else is a HostName.
 * An address (IPv4, or anything with a colon) has dots that part no domain, and is a HostName as it stands, and so is a distinguished name.
 */
export function splitHostName(text: string): Identifiers {
  if (DISTINGUISHED_NAME.test(text)) return { HostName: text };
  const { domain, rest } = splitDomain(text);
  const name = withoutTrailingDots(rest);
  if (IPV4.test(name) || name.includes(':')) return withoutEmpty({ HostName: name, NTDomain: domain });
  const [, host = '', dnsDomain = ''] = /^([^.]*)\.*([^]*)$/.exec(name) ?? [];
  return withoutEmpty({ HostName: host, DnsDomain: dnsDomain, NTDomain: domain });
}
