import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND } from '../value/instant';

const SHORT = /^(\d{1,5})([smhd])$/;
const ISO = /^P(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?$/;
const TICKS = { s: TICKS_PER_SECOND, m: TICKS_PER_MINUTE, h: TICKS_PER_HOUR, d: TICKS_PER_DAY } as const;

/** Reads a duration as Sentinel's rules write it, 5m, 1h, 14d or ISO 8601 (PT1H, P1DT12H), ignoring case: ticks, more than 0; or undefined. */
export function parseDuration(text: string): bigint | undefined {
  const short = SHORT.exec(text.trim().toLowerCase());
  const iso = ISO.exec(text.trim().toUpperCase());
  const ticks =
    short === null
      ? BigInt(iso?.[1] ?? 0) * TICKS.d +
        BigInt(iso?.[2] ?? 0) * TICKS.h +
        BigInt(iso?.[3] ?? 0) * TICKS.m +
        BigInt(iso?.[4] ?? 0) * TICKS.s
      : BigInt(short[1] ?? 0) * TICKS[short[2] as keyof typeof TICKS];
  return ticks > 0n ? ticks : undefined;
}
