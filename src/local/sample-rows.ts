import { addTicks, binStart, formatInstant, TICKS_PER_HOUR, type Instant } from '../value/instant';
import { seededRandom } from './sample-random';
import { sampleStory, type ProcessStart } from './sample-story';

/** A row as JSON, as a line of a row file or a cell of a query's answer has it. */
export type SampleRow = Readonly<Record<string, string | number>>;

export interface SampleRows {
  readonly imProcessCreate: readonly SampleRow[];
  readonly DeviceProcessEvents: readonly SampleRow[];
  readonly SecurityEvent: readonly SampleRow[];
}

const HOURS = 4n;
const SEED = 20_201_214;

/**
 * Rows to try the program on: about 600 process starts on six hosts, three products watching two each, in the four whole hours before the
 * one that holds `now`, in order of time. They depend on that hour alone, so that as many incidents come out whenever it is run.
 * imProcessCreate has them all, as ASIM's parsers write each product's; the other tables have those of their product.
 *
 * Of the ASIM rule exactly these incidents must come, by host and account, with hour 1 the oldest:
 *
 * | hour | incident | shows |
 * | --- | --- | --- |
 * | 1 | ex01, CONTOSO\alice | a shell in a shell: two result rows |
 * | 2 | ex02.contoso.com, CONTOSO\svc-backup | every row twice |
 * | 3 | ex03.contoso.com, CONTOSO\bob | two exports and two removals: two result rows |
 * | 4 | ex01, CONTOSO\alice | the same two as in hour 1, in another bin |
 * | 2 and 3 | ex02.contoso.com, CONTOSO\carol | split-by-bin-edge: the export at 58 past, the removal at 3 past |
 *
 * The Defender rule finds the first and fourth (ex01.contoso.com, alice), the SecurityEvent rule the second and the fifth.
 * None come of dave and erin (two accounts), frank (two hosts), grace (another term) and heidi (pwsh.exe).
 */
export function sampleRows(now: Instant): SampleRows {
  const start = addTicks(binStart(now, TICKS_PER_HOUR), -HOURS * TICKS_PER_HOUR);
  const story = sampleStory(start, seededRandom(SEED));
  return {
    imProcessCreate: story.map(normalizedRow),
    DeviceProcessEvents: story.filter(({ host }) => host.source === 'Defender').map(defenderRow),
    SecurityEvent: story.filter(({ host }) => host.source === 'Security Events').map(securityRow),
  };
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

/**
 * As ASIM's parsers write it. Defender's gives the short name of a host with its domain aside, Windows' own the full one; Sysmon's knows
 * no SID. Source: https://github.com/Azure/Azure-Sentinel (Parsers/ASimProcessEvent)
 */
function normalizedRow({ time, host, account, process, commandLine, parent, processId, parentId }: ProcessStart): SampleRow {
  const fullName = `${host.name}.${host.domain}`;
  const sid = { ActorUserId: account.sid, ActorUserIdType: 'SID' };
  const bySource = {
    Defender: {
      Type: 'DeviceProcessEvents',
      EventProduct: 'M365 Defender for Endpoint',
      Dvc: host.name,
      DvcHostname: host.name,
      DvcDomain: host.domain,
      DvcDomainType: 'FQDN',
      DvcFQDN: fullName,
      ...sid,
    },
    'Security Events': { Type: 'SecurityEvent', EventProduct: 'Security Events', Dvc: fullName, DvcHostname: fullName, ...sid },
    Sysmon: { Type: 'Event', EventProduct: 'Sysmon', Dvc: fullName, DvcHostname: fullName },
  }[host.source];
  return {
    TimeGenerated: formatInstant(time),
    EventType: 'ProcessCreated',
    EventVendor: 'Microsoft',
    EventSchema: 'ProcessEvent',
    EventCount: 1,
    DvcOs: 'Windows',
    ActorUsername: `${account.domain}\\${account.name}`,
    ActorUsernameType: 'Windows',
    ...bySource,
    Process: process,
    TargetProcessName: process,
    CommandLine: commandLine,
    TargetProcessCommandLine: commandLine,
    TargetProcessId: String(processId),
    ActingProcessName: parent,
    ActingProcessId: String(parentId),
  };
}

function defenderRow({ time, host, account, process, commandLine, parent, processId, parentId }: ProcessStart): SampleRow {
  return {
    TimeGenerated: formatInstant(time),
    Timestamp: formatInstant(time),
    ActionType: 'ProcessCreated',
    DeviceName: `${host.name}.${host.domain}`,
    AccountDomain: account.domain.toLowerCase(),
    AccountName: account.name,
    AccountSid: account.sid,
    FileName: fileName(process),
    FolderPath: process,
    ProcessCommandLine: commandLine,
    ProcessId: processId,
    InitiatingProcessFileName: fileName(parent),
    InitiatingProcessFolderPath: parent,
    InitiatingProcessId: parentId,
  };
}

function securityRow({ time, host, account, process, commandLine, parent, processId, parentId }: ProcessStart): SampleRow {
  return {
    TimeGenerated: formatInstant(time),
    EventID: 4688,
    Activity: '4688 - A new process has been created.',
    Computer: `${host.name}.${host.domain}`,
    SubjectDomainName: account.domain,
    SubjectUserName: account.name,
    SubjectAccount: `${account.domain}\\${account.name}`,
    SubjectUserSid: account.sid,
    NewProcessName: process,
    Process: fileName(process),
    CommandLine: commandLine,
    NewProcessId: `0x${processId.toString(16)}`,
    ParentProcessName: parent,
    ProcessId: `0x${parentId.toString(16)}`,
  };
}
