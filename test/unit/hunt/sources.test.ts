import { defaultSources, renderSource } from '../../../src/hunt/sources';
import { builtInSchemas } from '../../../src/schema/built-in';
import { sourceMistakes } from '../../../src/hunt/source-text';
import { instant } from '../../../src/value/instant';

const range = { start: instant('2026-03-10T10:00:00Z'), end: instant('2026-03-10T10:59:59.9999999Z') };

describe('a source', () => {
  it('calls the built-in parser with the range for imProcessCreate', () => {
    expect(renderSource(defaultSources, 'imProcessCreate', range)).toBe(
      '_Im_ProcessCreate(starttime=datetime(2026-03-10T10:00:00.0000000Z), endtime=datetime(2026-03-10T10:59:59.9999999Z))',
    );
  });

  it('gives DeviceProcessEvents a Timestamp where it has none', () => {
    expect(renderSource(defaultSources, 'DeviceProcessEvents', range)).toBe(
      "DeviceProcessEvents | extend Timestamp = column_ifexists('Timestamp', TimeGenerated)",
    );
  });

  it('does so for every table whose rules may bin by Timestamp', () => {
    const binned = Object.values(builtInSchemas).filter(({ eventTime }) => eventTime === 'Timestamp');
    expect(binned.length).toBeGreaterThan(10);
    for (const { name } of binned) expect(renderSource(defaultSources, name, range)).toContain('extend Timestamp = ');
  });

  it.each([...defaultSources])('of %s by default is right', (_table, text) => {
    expect(sourceMistakes(text)).toEqual([]);
  });

  it.each([
    ['SecurityEvent', 'SecurityEvent'],
    ['_custom_CL', '_custom_CL'],
    ['7zip_CL', '["7zip_CL"]'],
    ['odd-name', '["odd-name"]'],
    ['it"s\\', '["it\\"s\\\\"]'],
    ['where', '["where"]'],
  ])('of a table without an entry is its name: %s', (table, text) => {
    expect(renderSource(defaultSources, table, range)).toBe(text);
  });

  it('keeps braces in string and dynamic literals', () => {
    const text = 'T(from={start}) | extend A = "{start}", B = dynamic({"end": "{end}"}), C = {end}';
    expect(renderSource(new Map([['T', text]]), 'T', range)).toBe(
      'T(from=datetime(2026-03-10T10:00:00.0000000Z)) | extend A = "{start}", B = dynamic({"end": "{end}"}), C = datetime(2026-03-10T10:59:59.9999999Z)',
    );
  });

  it('takes no table for a member of every object', () => {
    expect(renderSource(new Map(), 'constructor', range)).toBe('constructor');
  });
});
