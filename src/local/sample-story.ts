import { addTicks, type Instant, TICKS_PER_MINUTE, TICKS_PER_SECOND } from '../value/instant';
import { randomIn, type Random } from './sample-random';

/** One process creation, as it happened; each product that saw it writes its own row of it. */
export interface ProcessStart {
  readonly time: Instant;
  readonly host: SampleHost;
  readonly account: SampleAccount;
  readonly process: string;
  readonly commandLine: string;
  readonly parent: string;
  readonly processId: number;
  readonly parentId: number;
}

export interface SampleHost {
  readonly name: string;
  readonly domain: string;
  /** The one product that watches this host. */
  readonly source: 'Defender' | 'Security Events' | 'Sysmon';
}

export interface SampleAccount {
  readonly name: string;
  readonly domain: string;
  readonly sid: string;
}

const DOMAIN = 'contoso.com';
const host = (name: string, source: SampleHost['source']): SampleHost => ({ name, domain: DOMAIN, source });
const ex01 = host('ex01', 'Defender');
const ex02 = host('ex02', 'Security Events');
const ex03 = host('ex03', 'Sysmon');
const hosts = [ex01, ex02, ex03, host('fs01', 'Defender'), host('dc01', 'Security Events'), host('ws17', 'Sysmon')];

const account = (name: string, rid: number): SampleAccount => ({
  name,
  domain: 'CONTOSO',
  sid: `S-1-5-21-1004336348-1177238915-682003330-${rid}`,
});
const alice = account('alice', 1104);
const backup = account('svc-backup', 1110);
const bob = account('bob', 1105);
const carol = account('carol', 1106);
const dave = account('dave', 1107);
const erin = account('erin', 1108);
const frank = account('frank', 1109);
const grace = account('grace', 1111);
const heidi = account('heidi', 1112);

const SYSTEM = 'C:\\Windows\\System32\\';
const CMD = `${SYSTEM}cmd.exe`;
const POWERSHELL = `${SYSTEM}WindowsPowerShell\\v1.0\\powershell.exe`;
const PWSH = 'C:\\Program Files\\PowerShell\\7\\pwsh.exe';
const EXPLORER = 'C:\\Windows\\explorer.exe';

const exportOf = (mailbox: string): string =>
  `powershell.exe -PSConsoleFile exshell.psc1 -Command "New-MailboxExportRequest -Mailbox ${mailbox}@contoso.com -FilePath \\\\ex01\\c$\\temp\\${mailbox}.pst"`;
const removalOf = (mailbox: string): string =>
  `powershell.exe -PSConsoleFile exshell.psc1 -Command "Get-MailboxExportRequest -Mailbox ${mailbox}@contoso.com | Remove-MailboxExportRequest -Confirm:$false"`;

type Step = readonly [hour: number, minute: number, host: SampleHost, account: SampleAccount, process: string, commandLine: string];

/** What stands out among the ordinary: see sampleRows for what must come of it. Hours count from 0, the oldest. */
const steps: readonly Step[] = [
  // A shell that starts a shell: one action, two rows.
  [0, 12, ex01, alice, CMD, `cmd.exe /C ${exportOf('ceo')}`],
  [0, 12, ex01, alice, POWERSHELL, exportOf('ceo')],
  [0, 31, ex01, alice, POWERSHELL, removalOf('ceo')],
  // Each row twice, as when a collector sends again.
  [1, 8, ex02, backup, POWERSHELL, exportOf('legal')],
  [1, 8, ex02, backup, POWERSHELL, exportOf('legal')],
  [1, 44, ex02, backup, POWERSHELL, removalOf('legal')],
  [1, 44, ex02, backup, POWERSHELL, removalOf('legal')],
  // Two of each.
  [2, 15, ex03, bob, POWERSHELL, exportOf('cfo')],
  [2, 16, ex03, bob, POWERSHELL, exportOf('cto')],
  [2, 33, ex03, bob, POWERSHELL, removalOf('cfo')],
  [2, 34, ex03, bob, POWERSHELL, removalOf('cto')],
  // The same host and account as in hour 0.
  [3, 20, ex01, alice, POWERSHELL, exportOf('hr')],
  [3, 41, ex01, alice, POWERSHELL, removalOf('hr')],
  // The end of an hour parts these two.
  [1, 58, ex02, carol, POWERSHELL, exportOf('board')],
  [2, 3, ex02, carol, POWERSHELL, removalOf('board')],
  // Another account, another host, another term, another shell.
  [2, 21, ex01, dave, POWERSHELL, exportOf('press')],
  [2, 29, ex01, erin, POWERSHELL, removalOf('press')],
  [2, 22, ex01, frank, POWERSHELL, exportOf('audit')],
  [2, 30, ex02, frank, POWERSHELL, removalOf('audit')],
  [3, 14, ex03, grace, POWERSHELL, 'powershell.exe -Command "Get-Help New-MailboxExportRequests"'],
  [3, 18, ex03, grace, POWERSHELL, removalOf('it')],
  [3, 24, ex02, heidi, PWSH, `"${PWSH}" -Command "New-MailboxExportRequest -Mailbox lab@contoso.com -FilePath \\\\fs01\\lab.pst"`],
  [3, 26, ex02, heidi, PWSH, `"${PWSH}" -Command "Remove-MailboxExportRequest -Identity lab\\MailboxExport"`],
];

const ordinary: readonly (readonly [process: string, commandLine: string])[] = [
  [`${SYSTEM}svchost.exe`, 'svchost.exe -k netsvcs -p -s Schedule'],
  [`${SYSTEM}conhost.exe`, '\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1'],
  [`${SYSTEM}wbem\\WmiPrvSE.exe`, 'wmiprvse.exe -secured -Embedding'],
  [`${SYSTEM}taskhostw.exe`, 'taskhostw.exe Install $(Arg0)'],
  [`${SYSTEM}gpupdate.exe`, 'gpupdate.exe /target:computer'],
  [POWERSHELL, 'powershell.exe -NoProfile -File C:\\Scripts\\Check-DiskSpace.ps1'],
  [POWERSHELL, 'powershell.exe -Command "Get-MailboxExportRequest -Status Completed"'],
  [CMD, 'cmd.exe /c ipconfig /all'],
  [CMD, 'cmd.exe /c robocopy C:\\Logs \\\\fs01\\logs *.log /MIR'],
  ['C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\MSExchangeTransport.exe', 'MSExchangeTransport.exe -pipe:1824'],
  ['C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe', 'msedge.exe --type=renderer --lang=en-US'],
];

const ORDINARY_PER_HOUR = 150;

/** Everything that happened in the four hours from `start`, in order of time. */
export function sampleStory(start: Instant, random: Random): readonly ProcessStart[] {
  const at = (hour: number, minute: number, second: number): Instant =>
    addTicks(start, BigInt(hour * 60 + minute) * TICKS_PER_MINUTE + BigInt(second) * TICKS_PER_SECOND);
  // Seconds and ids follow from the minute, so that a row sent twice is the same twice.
  const told = steps.map(([hour, minute, where, who, process, commandLine]): ProcessStart => {
    const processId = 2000 + 4 * (hour * 60 + minute) + (process === CMD ? 0 : 2);
    return {
      time: at(hour, minute, processId % 60),
      host: where,
      account: who,
      process,
      commandLine,
      parent: EXPLORER,
      processId,
      parentId: 1800,
    };
  });
  const filler = [0, 1, 2, 3].flatMap((hour) =>
    Array.from({ length: ORDINARY_PER_HOUR }, (): ProcessStart => {
      const [process, commandLine] = randomIn(random, ordinary);
      const time = at(hour, Math.floor(random() * 60), Math.floor(random() * 60));
      const who = randomIn(random, [alice, bob, carol, dave, backup]);
      const processId = 4000 + 4 * Math.floor(random() * 4000);
      return {
        time,
        host: randomIn(random, hosts),
        account: who,
        process,
        commandLine,
        parent: `${SYSTEM}services.exe`,
        processId,
        parentId: 700,
      };
    }),
  );
  return [...told, ...filler].toSorted((a, b) => Number(a.time - b.time));
}
