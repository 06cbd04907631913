/** `32,741`: a whole number as people read it; rounded where it is not whole. */
export const grouped = (number: number): string => Math.round(number).toLocaleString('en-US');

/** `1 row`, `2 rows`, `0 rows`: a number with the word for what it counts. */
export const counted = (number: number, one: string, many = `${one}s`): string => `${grouped(number)} ${number === 1 ? one : many}`;
