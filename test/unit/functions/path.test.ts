import { evaluates, refused } from '../../support/expression-table';

const parts = (scheme: string, root: string, directory: string, name: string, file: string, extension: string, stream: string): string =>
  JSON.stringify({
    Scheme: scheme,
    RootPath: root,
    DirectoryPath: directory,
    DirectoryName: name,
    Filename: file,
    Extension: extension,
    AlternateDataStreamName: stream,
  });

describe('parse_path', () => {
  evaluates([
    [String.raw`parse_path(@'C:\temp\file.txt')`, parts('', 'C:', 'C:\\temp', 'temp', 'file.txt', 'txt', '')],
    [String.raw`parse_path(@'temp\file.txt')`, parts('', '', 'temp', 'temp', 'file.txt', 'txt', '')],
    [`parse_path('file://C:/temp/file.txt:some.exe')`, parts('file', 'C:', 'C:/temp', 'temp', 'file.txt', 'txt', 'some.exe')],
    [String.raw`parse_path(@'\\shared\users\temp\file.txt.gz')`, parts('', '', '\\\\shared\\users\\temp', 'temp', 'file.txt.gz', 'gz', '')],
    ["parse_path('/usr/lib/temp/file.txt')", parts('', '', '/usr/lib/temp', 'temp', 'file.txt', 'txt', '')],
    [String.raw`parse_path(@'\\?\D:\long\path\a.dll')`, parts('', 'D:', '\\\\?\\D:\\long\\path', 'path', 'a.dll', 'dll', '')],
    [String.raw`parse_path(@'C:\run.exe')`, parts('', 'C:', 'C:', '', 'run.exe', 'exe', '')],
    ["parse_path('/usr/bin/env')", parts('', '', '/usr/bin', 'bin', 'env', '', '')],
    ["parse_path('cmd.exe')", parts('', '', '', '', 'cmd.exe', 'exe', '')],
    ["parse_path('temp/a:b')", parts('', '', 'temp', 'temp', 'a', '', 'b')],
    ["parse_path('file1.exe:file2.exe')", parts('', '', '', '', 'file1.exe', 'exe', 'file2.exe')],
    [String.raw`parse_path(@'C:\temp\')`, parts('', 'C:', 'C:\\temp', 'temp', '', '', '')],
    ['parse_path(s0)', parts('', '', '', '', '', '', '')],
    [String.raw`parse_path(@'C:\temp\file.txt').Filename`, '"file.txt"'],
  ]);
});

describe('parse_command_line', () => {
  evaluates([
    [`parse_command_line('echo "hello world!"', 'windows')`, '["echo","hello world!"]'],
    [`parse_command_line('"C:\\\\Program Files\\\\a b.exe" -x  1\t2', 'windows')`, '["C:\\\\Program Files\\\\a b.exe","-x","1","2"]'],
    [String.raw`parse_command_line(@'a.exe C:\x\ d', 'windows')`, '["a.exe","C:\\\\x\\\\","d"]'],
    [String.raw`parse_command_line(@'a \"b\" "c\\" "d e\"f"', 'windows')`, String.raw`["a","\"b\"","c\\","d e\"f"]`],
    [`parse_command_line('a "" b', 'windows')`, '["a","","b"]'],
    [`parse_command_line('a "x""y" z', 'windows')`, String.raw`["a","x\"y z"]`],
    [`parse_command_line('', 'windows')`, '[]'],
    [`parse_command_line('one', 'windows')`, '["one"]'],
  ]);
  refused([`parse_command_line(s, 'unix')`, 'parse_command_line(s, s)']);
});

describe('parse_csv', () => {
  evaluates([
    ["parse_csv('aa,b,cc')", '["aa","b","cc"]'],
    [
      `parse_csv('aa,"b,b,b",cc,"Escaping quotes: ""Title""","line1\\nline2"')`,
      '["aa","b,b,b","cc","Escaping quotes: \\"Title\\"","line1\\nline2"]',
    ],
    ["parse_csv('record1,a\\nrecord2,b')", '["record1","a"]'],
    ["parse_csv('')", '[""]'],
    ["parse_csv('a,')", '["a",""]'],
  ]);
});
