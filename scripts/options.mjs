/** The number that an option's text is; throws where it is none, or less than `least`. */
export function wholeNumber(name, text, least) {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`--${name} must be a whole number from ${least} up, and is '${text}'`);
}
