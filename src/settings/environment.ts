/** Environment variables; in Azure, app settings. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with one setting, and what to do. Neither text quotes a value: it may be a secret, also one in the wrong place. */
export interface SettingProblem {
  readonly setting: string;
  /** What would follow the setting's name in a sentence. */
  readonly problem: string;
  readonly remedy: string;
}

/** All that is wrong with a function's settings; the message has a line for each problem. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(({ setting, problem, remedy }) => `${setting} ${problem}. ${remedy}`).join('\n'));
    this.problems = problems;
  }
}

/** What a text stands for, or what is wrong with it. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string; readonly remedy: string };

/** Reads settings one by one and keeps every problem, so that all are told at once. A setting that is blank counts as not set. */
export class SettingsReader {
  readonly #environment: Environment;
  readonly #problems: SettingProblem[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The setting without spaces around it. */
  text(setting: string): string | undefined {
    const text = this.#environment[setting]?.trim();
    return text === '' ? undefined : text;
  }

  isSet(setting: string): boolean {
    return this.text(setting) !== undefined;
  }

  /** Undefined where the setting is not set, or wrong. */
  optional<T>(setting: string, parse: (text: string) => Parsed<T>): T | undefined {
    const text = this.text(setting);
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if ('value' in parsed) return parsed.value;
    this.report(setting, parsed.problem, parsed.remedy);
    return undefined;
  }

  /** As optional; that the setting is not set is a problem too. */
  required<T>(setting: string, remedy: string, parse: (text: string) => Parsed<T>): T | undefined {
    if (!this.isSet(setting)) this.report(setting, 'is not set', remedy);
    return this.optional(setting, parse);
  }

  report(setting: string, problem: string, remedy: string): void {
    this.#problems.push({ setting, problem, remedy });
  }

  /** The settings, which are undefined only where a problem was reported. Throws SettingsError if one was. */
  finish<T>(settings: T | undefined): T {
    if (settings === undefined || this.#problems.length > 0) throw new SettingsError(this.#problems);
    return settings;
  }
}
