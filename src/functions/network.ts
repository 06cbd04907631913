import { callable, overTexts, strict, type ScalarFunction } from './function';
import { isArray } from '../value/text';
import type { Value } from '../value/types';

/** An IPv4 address, or a range in prefix notation: its bits, and how many of them count. */
interface Prefix {
  readonly bits: number;
  readonly length: number;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

function parsePrefix(text: string): Prefix | undefined {
  const match = IPV4.exec(text);
  if (match === null) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const length = Number(match[5] ?? '32');
  if (octets.some((octet) => octet > 255) || length > 32) return undefined;
  return { bits: octets.reduce((bits, octet) => bits * 256 + octet, 0), length };
}

/** Whether the first `length` bits of both are the same. */
function sameStart(left: number, right: number, length: number): boolean {
  const size = 2 ** (32 - length);
  return Math.floor(left / size) === Math.floor(right / size);
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(parsePrefix).filter((prefix) => prefix !== undefined);

function isPrivate(text: string): Value {
  const address = parsePrefix(text);
  return address === undefined ? null : PRIVATE.some(({ bits, length }) => sameStart(address.bits, bits, Math.min(length, address.length)));
}

function isInRange(text: string, range: string): Value {
  const [address, within] = [parsePrefix(text), parsePrefix(range)];
  return address === undefined || within === undefined
    ? null
    : sameStart(address.bits, within.bits, Math.min(within.length, address.length));
}

/** The first `length` bits of an address, the others 0; null where the text is not an address, or the length not one. */
function masked(text: string, length: number): bigint | null {
  const address = parsePrefix(text);
  if (address === undefined || length < 0 || length > 32) return null;
  const size = 2 ** (32 - Math.min(address.length, length));
  return BigInt(Math.floor(address.bits / size) * size);
}

function isInAnyRange(text: string, ranges: readonly string[]): Value {
  const found = ranges.map((range) => isInRange(text, range));
  return found.includes(null) ? null : found.includes(true);
}

const isPrefix = (range: unknown): range is string => typeof range === 'string' && parsePrefix(range) !== undefined;

/** Negative, 0 or positive, by the bits that the shortest of the prefixes leaves; null where one is not an address. */
function compareAddresses(left: string, right: string, length: number): number | null {
  const [a, b] = [parsePrefix(left), parsePrefix(right)];
  if (a === undefined || b === undefined || length < 0 || length > 32) return null;
  const size = 2 ** (32 - Math.min(a.length, b.length, length));
  return Math.sign(Math.floor(a.bits / size) - Math.floor(b.bits / size));
}

/** Over two addresses and, where it is given, the number of bits that count. */
function comparing(name: string, meaning: string, result: 'bool' | 'long', convert: (order: number) => Value): ScalarFunction {
  const convertOrder = (order: number | null): Value => (order === null ? null : convert(order));
  return callable(name, meaning, [
    {
      parameters: ['string', 'string'],
      result,
      prepare: overTexts((left = '', right = '') => convertOrder(compareAddresses(left, right, 32))),
    },
    {
      parameters: ['string', 'string', 'long'],
      result,
      prepare: strict((left, right, length) => convertOrder(compareAddresses(left as string, right as string, Number(length)))),
    },
  ]);
}

export const networkFunctions: readonly ScalarFunction[] = [
  callable('ipv4_is_private', 'null where the text is not an IPv4 address; a prefix such as /24 may follow it.', [
    { parameters: ['string'], result: 'bool', prepare: overTexts(isPrivate) },
  ]),
  callable('ipv4_is_in_range', 'null where the text is not an IPv4 address; the range is one constant address or prefix.', [
    {
      parameters: ['string', 'string'],
      result: 'bool',
      refuses: ([, range]) => (isPrefix(range) ? undefined : 'a range other than one constant address or prefix'),
      prepare: overTexts((text = '', range = '') => isInRange(text, range)),
    },
  ]),
  callable(
    'ipv4_is_in_any_range',
    'null where the text is not an IPv4 address; the ranges are constant addresses or prefixes, or one constant array of them.',
    [
      {
        parameters: ['string', 'string'],
        rest: 'string',
        result: 'bool',
        refuses: ([, ...ranges]) => (ranges.every(isPrefix) ? undefined : 'ranges other than constant addresses or prefixes'),
        prepare: overTexts((text = '', ...ranges) => isInAnyRange(text, ranges)),
      },
      {
        parameters: ['string', 'dynamic'],
        result: 'bool',
        refuses: ([, ranges]) =>
          ranges !== undefined && isArray(ranges) && ranges.length > 0 && ranges.every(isPrefix)
            ? undefined
            : 'ranges other than one constant array of addresses or prefixes',
        prepare: strict((text, ranges) => isInAnyRange(text as string, ranges as readonly string[])),
      },
    ],
  ),
  callable(
    'ipv4_netmask_suffix',
    'the bits that a prefix such as /24 leaves, 32 without one; null where the text is not an IPv4 address.',
    [
      {
        parameters: ['string'],
        result: 'long',
        prepare: overTexts((text) => ((prefix) => (prefix === undefined ? null : BigInt(prefix.length)))(parsePrefix(text))),
      },
    ],
  ),
  callable('parse_ipv4', 'the 32 bits of an address as a number, those behind a prefix such as /24 as 0; null for any other text.', [
    { parameters: ['string'], result: 'long', prepare: overTexts((text) => masked(text, 32)) },
  ]),
  callable('parse_ipv4_mask', 'as parse_ipv4, with no more bits than the second argument says; null where that is not 0 to 32.', [
    { parameters: ['string', 'long'], result: 'long', prepare: strict((text, length) => masked(text as string, Number(length))) },
  ]),
  comparing(
    'ipv4_is_match',
    'whether both are equal in the bits that their prefixes, and the third argument, leave; null where a text is not an IPv4 address.',
    'bool',
    (order) => order === 0,
  ),
  comparing(
    'ipv4_compare',
    '-1, 0 or 1, by the bits that ipv4_is_match looks at; null where a text is not an IPv4 address.',
    'long',
    BigInt,
  ),
];
