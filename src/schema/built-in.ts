import { schemasOf, type SchemaFile, type TableSchema } from './schema';
import aadNonInteractiveUserSignInLogs from './tables/AADNonInteractiveUserSignInLogs.json';
import aadUserRiskEvents from './tables/AADUserRiskEvents.json';
import alertEvidence from './tables/AlertEvidence.json';
import alertInfo from './tables/AlertInfo.json';
import anomalies from './tables/Anomalies.json';
import aSimProcessEventLogs from './tables/ASimProcessEventLogs.json';
import auditLogs from './tables/AuditLogs.json';
import awsCloudTrail from './tables/AWSCloudTrail.json';
import azureActivity from './tables/AzureActivity.json';
import behaviorAnalytics from './tables/BehaviorAnalytics.json';
import cloudAppEvents from './tables/CloudAppEvents.json';
import commonSecurityLog from './tables/CommonSecurityLog.json';
import configurationChange from './tables/ConfigurationChange.json';
import deviceEvents from './tables/DeviceEvents.json';
import deviceFileCertificateInfo from './tables/DeviceFileCertificateInfo.json';
import deviceFileEvents from './tables/DeviceFileEvents.json';
import deviceImageLoadEvents from './tables/DeviceImageLoadEvents.json';
import deviceInfo from './tables/DeviceInfo.json';
import deviceLogonEvents from './tables/DeviceLogonEvents.json';
import deviceNetworkEvents from './tables/DeviceNetworkEvents.json';
import deviceNetworkInfo from './tables/DeviceNetworkInfo.json';
import deviceProcessEvents from './tables/DeviceProcessEvents.json';
import deviceRegistryEvents from './tables/DeviceRegistryEvents.json';
import deviceTvmSoftwareInventory from './tables/DeviceTvmSoftwareInventory.json';
import deviceTvmSoftwareVulnerabilities from './tables/DeviceTvmSoftwareVulnerabilities.json';
import dnsEvents from './tables/DnsEvents.json';
import emailAttachmentInfo from './tables/EmailAttachmentInfo.json';
import emailEvents from './tables/EmailEvents.json';
import emailPostDeliveryEvents from './tables/EmailPostDeliveryEvents.json';
import emailUrlInfo from './tables/EmailUrlInfo.json';
import event from './tables/Event.json';
import heartbeat from './tables/Heartbeat.json';
import identityDirectoryEvents from './tables/IdentityDirectoryEvents.json';
import identityInfo from './tables/IdentityInfo.json';
import identityLogonEvents from './tables/IdentityLogonEvents.json';
import identityQueryEvents from './tables/IdentityQueryEvents.json';
import imAuthentication from './tables/imAuthentication.json';
import imDns from './tables/imDns.json';
import imFileEvent from './tables/imFileEvent.json';
import imNetworkSession from './tables/imNetworkSession.json';
import imProcessCreate from './tables/imProcessCreate.json';
import imRegistry from './tables/imRegistry.json';
import imWebSession from './tables/imWebSession.json';
import laQueryLogs from './tables/LAQueryLogs.json';
import officeActivity from './tables/OfficeActivity.json';
import protectionStatus from './tables/ProtectionStatus.json';
import securityAlert from './tables/SecurityAlert.json';
import securityEvent from './tables/SecurityEvent.json';
import securityIncident from './tables/SecurityIncident.json';
import signinLogs from './tables/SigninLogs.json';
import syslog from './tables/Syslog.json';
import threatIntelIndicators from './tables/ThreatIntelIndicators.json';
import threatIntelligenceIndicator from './tables/ThreatIntelligenceIndicator.json';
import urlClickEvents from './tables/UrlClickEvents.json';
import vmConnection from './tables/VMConnection.json';
import w3CIISLog from './tables/W3CIISLog.json';
import windowsEvent from './tables/WindowsEvent.json';
import wireData from './tables/WireData.json';

// A test checks each file as a user's own is checked; TypeScript only sees strings in JSON.
const files = [
  aadNonInteractiveUserSignInLogs,
  aadUserRiskEvents,
  alertEvidence,
  alertInfo,
  anomalies,
  aSimProcessEventLogs,
  auditLogs,
  awsCloudTrail,
  azureActivity,
  behaviorAnalytics,
  cloudAppEvents,
  commonSecurityLog,
  configurationChange,
  deviceEvents,
  deviceFileCertificateInfo,
  deviceFileEvents,
  deviceImageLoadEvents,
  deviceInfo,
  deviceLogonEvents,
  deviceNetworkEvents,
  deviceNetworkInfo,
  deviceProcessEvents,
  deviceRegistryEvents,
  deviceTvmSoftwareInventory,
  deviceTvmSoftwareVulnerabilities,
  dnsEvents,
  emailAttachmentInfo,
  emailEvents,
  emailPostDeliveryEvents,
  emailUrlInfo,
  event,
  heartbeat,
  identityDirectoryEvents,
  identityInfo,
  identityLogonEvents,
  identityQueryEvents,
  imAuthentication,
  imDns,
  imFileEvent,
  imNetworkSession,
  imProcessCreate,
  imRegistry,
  imWebSession,
  laQueryLogs,
  officeActivity,
  protectionStatus,
  securityAlert,
  securityEvent,
  securityIncident,
  signinLogs,
  syslog,
  threatIntelIndicators,
  threatIntelligenceIndicator,
  urlClickEvents,
  vmConnection,
  w3CIISLog,
  windowsEvent,
  wireData,
] as readonly object[] as readonly SchemaFile[];

/** By name of the table, as rules write it. */
export const builtInSchemas: Readonly<Record<string, TableSchema>> = Object.fromEntries(
  files.flatMap(schemasOf).map((schema) => [schema.name, schema]),
);
