/** The smallest of base1, base2, … that is not taken. */
function numbered(base: string, taken: ReadonlySet<string>): string {
  for (let suffix = 1; ; suffix += 1) {
    const name = `${base}${suffix}`;
    if (!taken.has(name)) return name;
  }
}

/**
 * Names of a join's columns, all of the left and then all of the right: the first of equal names keeps it, each later one takes the smallest
 * free suffix counted over all names, so [c, c, c1] becomes [c, c2, c1].
 * Source: MakeColumnNamesUnique in https://github.com/microsoft/Kusto-Query-Language
 */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    const unique = seen.has(name) ? numbered(name, taken) : name;
    taken.add(unique);
    seen.add(unique);
    return unique;
  });
}

/** The name of an expression that has none of its own: `autoName`, numbered only where it is taken; Column1, Column2, … where there is no such name. */
export function nameForUnnamed(autoName: string | undefined, taken: ReadonlySet<string>): string {
  if (autoName === undefined) return numbered('Column', taken);
  return taken.has(autoName) ? numbered(autoName, taken) : autoName;
}
