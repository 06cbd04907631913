import { parseArgs } from 'node:util';

/**
 * Does the work of `npm run NAME -- [options]`. Every option is a whole number; `numbers` has the least and the default of each. `--help` prints
 * the help instead; wrong usage is told with exit code 2, and what the work throws ends the process with exit code 1.
 */
export async function runCommand({ name, help, numbers }, work) {
  let values;
  try {
    values = readOptions(numbers);
  } catch (error) {
    process.stderr.write(`${error.message}\nRun npm run ${name} -- --help.\n`);
    process.exitCode = 2;
    return;
  }
  if (values === 'help') process.stdout.write(help);
  else await work(values);
}

function readOptions(numbers) {
  const names = Object.keys(numbers);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', default: false } } });
  if (values.help) return 'help';
  return Object.fromEntries(names.map((name) => [name, wholeNumber(name, values[name], numbers[name])]));
}

function wholeNumber(name, text, { least, otherwise }) {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`--${name} must be a whole number from ${least} up, and is '${text}'`);
}

/** On a terminal, tells in one line how far it is. */
export function progress(of, what) {
  const { isTTY } = process.stderr;
  let done = 0;
  return {
    more() {
      done += 1;
      if (isTTY) process.stderr.write(`\r${done} of ${of} ${what}`);
    },
    end() {
      if (isTTY) process.stderr.write('\r\x1b[K');
    },
  };
}
