import { type Instant, parseInstant } from '../value/instant';
import type { Parsed } from './environment';

/** Single values that settings hold. None of the problems quotes the value. */

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** In lower case. */
export function parseGuid(text: string): Parsed<string> {
  const guid = text.toLowerCase();
  if (GUID.test(guid)) return { value: guid };
  return { problem: 'is not a GUID', remedy: 'Write it as 8-4-4-4-12 hexadecimal digits.' };
}

/** GUIDs in lower case, in the order given, at least one, each once. */
export function parseGuids(text: string): Parsed<readonly string[]> {
  const guids = text.split(',').map((entry) => entry.trim().toLowerCase());
  const remedy = 'Write GUIDs with a comma between two, each once.';
  const numbersOf = (wrong: (guid: string, index: number) => boolean): string =>
    guids.flatMap((guid, index) => (wrong(guid, index) ? [index + 1] : [])).join(', ');
  const malformed = numbersOf((guid) => !GUID.test(guid));
  if (malformed !== '') return { problem: `has no GUID at place ${malformed} of its list`, remedy };
  const repeated = numbersOf((guid, index) => guids.indexOf(guid) < index);
  if (repeated !== '') return { problem: `has the same GUID again at place ${repeated}`, remedy };
  return { value: guids };
}

/** One of two words. */
export function parseSwitch(on: string, off: string): (text: string) => Parsed<boolean> {
  return (text) => {
    if (text === on || text === off) return { value: text === on };
    return { problem: `is neither ${on} nor ${off}`, remedy: `Write ${on} or ${off}.` };
  };
}

export function parseStart(text: string): Parsed<Instant> {
  const value = parseInstant(text);
  if (value !== undefined) return { value };
  return { problem: 'is not an instant', remedy: 'Write ISO 8601, e.g. 2026-03-10T00:00:00Z.' };
}

/** https, or http on loopback; scheme, host and port alone. The value has no slash at its end. */
export function parseEndpoint(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return { problem: 'is not a URL', remedy: 'Write https:// and a host name.' };
  const local = url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !local) return { problem: 'is neither https nor http on loopback', remedy: 'Write an https:// URL.' };
  const bare = url.pathname === '/' && !/[?#@]/.test(text);
  if (!bare) return { problem: 'has more than scheme, host and port', remedy: 'Leave out user, path, query and fragment.' };
  return { value: url.origin };
}

/** Of a URL's host name: IPv6 in brackets. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
