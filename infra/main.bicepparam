// What azd asks for and what `azd env set NAME VALUE` sets; docs/deploy.md lists it. Lists are comma-separated. any(): whether a number is
// one of those that main.bicep allows is checked when it is deployed.
using 'main.bicep'

var watched = readEnvironmentVariable('WATCHED_WORKSPACE_IDS', '')
var delegated = readEnvironmentVariable('DELEGATED_WORKSPACE_IDS', '')
var rules = readEnvironmentVariable('RULE_IDS', '')

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'sentinel-hunt')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param sentinelWorkspaceId = readEnvironmentVariable('SENTINEL_WORKSPACE_ID', '')
param watchedWorkspaceIds = empty(watched) ? [] : map(split(watched, ','), id => trim(id))
param delegatedWorkspaceIds = empty(delegated) ? [] : map(split(delegated, ','), id => trim(id))
param actionGroupId = readEnvironmentVariable('ACTION_GROUP_ID', '')
param cycleMinutes = any(int(readEnvironmentVariable('CYCLE_MINUTES', '5')))
param ruleIds = empty(rules) ? [] : map(split(rules, ','), id => trim(id))
param start = readEnvironmentVariable('HUNT_START', '')
param splitPairs = bool(readEnvironmentVariable('SPLIT_PAIRS', 'true'))
param dryRun = bool(readEnvironmentVariable('DRY_RUN', 'false'))
param sources = json(readEnvironmentVariable('HUNT_SOURCES', '{}'))
param instanceMemoryMB = any(int(readEnvironmentVariable('INSTANCE_MEMORY_MB', '2048')))
param storageRedundancy = readEnvironmentVariable('STORAGE_REDUNDANCY', 'Standard_LRS')
param logRetentionInDays = int(readEnvironmentVariable('LOG_RETENTION_DAYS', '30'))
param uncoveredLimitMinutes = int(readEnvironmentVariable('UNCOVERED_LIMIT_MINUTES', '60'))
param lateLimitMinutes = int(readEnvironmentVariable('LATE_LIMIT_MINUTES', '30'))
