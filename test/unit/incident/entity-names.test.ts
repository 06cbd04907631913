import { splitAccountName, splitHostName } from '../../../src/incident/entity-names';

describe('splitAccountName', () => {
  it.each([
    ['alice', { Name: 'alice' }],
    ['CONTOSO\\alice', { Name: 'alice', NTDomain: 'CONTOSO' }],
    ['contoso.com\\Alice', { Name: 'Alice', NTDomain: 'contoso.com' }],
    ['alice@contoso.com', { Name: 'alice', UPNSuffix: 'contoso.com' }],
    ['CONTOSO\\alice@contoso.com', { Name: 'alice', NTDomain: 'CONTOSO', UPNSuffix: 'contoso.com' }],
    ['bob_fabrikam.com#EXT#@contoso.onmicrosoft.com', { Name: 'bob_fabrikam.com#EXT#', UPNSuffix: 'contoso.onmicrosoft.com' }],
    ['a@b@contoso.com', { Name: 'a@b', UPNSuffix: 'contoso.com' }],
    ['AzureAD\\AliceSmith', { Name: 'AliceSmith', NTDomain: 'AzureAD' }],
    ['NT AUTHORITY\\SYSTEM', { Name: 'SYSTEM', NTDomain: 'NT AUTHORITY' }],
    ['SYSTEM', { Name: 'SYSTEM' }],
    ['CONTOSO\\EX01$', { Name: 'EX01$', NTDomain: 'CONTOSO' }],
    ['EX01$', { Name: 'EX01$' }],
    ['CONTOSO\\\\alice', { Name: 'alice', NTDomain: 'CONTOSO' }],
    ['a\\b\\c', { Name: 'b\\c', NTDomain: 'a' }],
    ['CN=Alice \\"A\\" Smith\\, Dr.,OU=x@y,DC=contoso,DC=com', { Name: 'CN=Alice \\"A\\" Smith\\, Dr.,OU=x@y,DC=contoso,DC=com' }],
  ])('splits %s', (text, identifiers) => expect(splitAccountName(text)).toStrictEqual(identifiers));

  it.each([
    ['.\\alice', { Name: 'alice' }],
    ['\\alice', { Name: 'alice' }],
    ['\\\\alice', { Name: 'alice' }],
    ['alice@', { Name: 'alice' }],
    ['CONTOSO\\', { NTDomain: 'CONTOSO' }],
    ['@contoso.com', { UPNSuffix: 'contoso.com' }],
    ['CONTOSO\\@contoso.com', { NTDomain: 'CONTOSO', UPNSuffix: 'contoso.com' }],
    ['', {}],
    ['\\', {}],
    ['@', {}],
    ['.\\', {}],
  ])('leaves out what is empty in %j', (text, identifiers) => expect(splitAccountName(text)).toStrictEqual(identifiers));
});

describe('splitHostName', () => {
  it.each([
    ['EX01', { HostName: 'EX01' }],
    ['ex01.contoso.com', { HostName: 'ex01', DnsDomain: 'contoso.com' }],
    ['Ex01.Contoso.COM', { HostName: 'Ex01', DnsDomain: 'Contoso.COM' }],
    ['CONTOSO\\EX01', { HostName: 'EX01', NTDomain: 'CONTOSO' }],
    ['CONTOSO\\ex01.contoso.com', { HostName: 'ex01', DnsDomain: 'contoso.com', NTDomain: 'CONTOSO' }],
    ['ex01..contoso.com', { HostName: 'ex01', DnsDomain: 'contoso.com' }],
    ['10.0.0.5', { HostName: '10.0.0.5' }],
    ['fe80::1', { HostName: 'fe80::1' }],
    ['::ffff:10.0.0.5', { HostName: '::ffff:10.0.0.5' }],
    ['10.example.com', { HostName: '10', DnsDomain: 'example.com' }],
    ['CN=EX01.x,DC=contoso,DC=com', { HostName: 'CN=EX01.x,DC=contoso,DC=com' }],
  ])('splits %s', (text, identifiers) => expect(splitHostName(text)).toStrictEqual(identifiers));

  it.each([
    ['ex01.', { HostName: 'ex01' }],
    ['ex01.contoso.com.', { HostName: 'ex01', DnsDomain: 'contoso.com' }],
    ['10.0.0.5.', { HostName: '10.0.0.5' }],
    ['.contoso.com', { DnsDomain: 'contoso.com' }],
    ['\\\\ex01', { HostName: 'ex01' }],
    ['.\\ex01', { HostName: 'ex01' }],
    ['CONTOSO\\', { NTDomain: 'CONTOSO' }],
    ['', {}],
    ['.', {}],
    ['...', {}],
    ['\\', {}],
  ])('leaves out what is empty in %j', (text, identifiers) => expect(splitHostName(text)).toStrictEqual(identifiers));
});

it.each([splitAccountName, splitHostName])('takes a megabyte of separators in its stride: %p', (split) => {
  for (const separator of ['.', '\\', '@', ':']) expect(Object.values(split(separator.repeat(1_000_000) + 'x'))).not.toContain('');
});
