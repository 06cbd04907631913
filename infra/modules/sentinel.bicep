// The way of incidents into a Sentinel workspace: table, collection rule, the app's role on it, analytics rules.

import { roleIds } from 'role-ids.bicep'

@description('Name of the workspace, on which Sentinel is enabled.')
param workspaceName string

@description('Region of the workspace. A collection rule lies in the region of the workspace that it writes to.')
param location string

@description('Name of the data collection rule.')
param dataCollectionRuleName string

@description('Object id of the app\'s identity.')
param principalId string

@description('Tags of the data collection rule.')
param tags object

var rows = loadJsonContent('../sentinel/table-columns.json')

// One query: the second rule counts what the first one alerts of.
var newIncidents = loadTextContent('../sentinel/new-incidents.kql')
var manyNewIncidents = '${newIncidents}${loadTextContent('../sentinel/many-new-incidents.kql')}'

// How often both rules run: `frequency` in the query. A period of two days or more would have them run hourly at most.
var queryFrequency = 'PT5M'
var queryPeriod = 'PT47H'

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource table 'Microsoft.OperationalInsights/workspaces/tables@2023-09-01' = {
  parent: workspace
  name: rows.table
  properties: {
    plan: 'Analytics'
    schema: {
      name: rows.table
      columns: map(rows.columns, column => {
        name: column.name
        type: column.type == 'datetime' ? 'dateTime' : column.type
        description: column.description
      })
    }
  }
}

resource dataCollectionRule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: dataCollectionRuleName
  location: location
  tags: tags
  // Direct: with an endpoint of its own, which takes rows by the Logs Ingestion API.
  kind: 'Direct'
  properties: {
    streamDeclarations: {
      '${rows.stream}': {
        columns: map(rows.columns, column => {
          name: column.name
          type: column.type
        })
      }
    }
    destinations: {
      logAnalytics: [
        {
          name: 'sentinel'
          workspaceResourceId: workspace.id
        }
      ]
    }
    dataFlows: [
      {
        streams: [rows.stream]
        destinations: ['sentinel']
        transformKql: 'source'
        outputStream: 'Custom-${rows.table}'
      }
    ]
  }
  dependsOn: [table]
}

resource publishRows 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: dataCollectionRule
  name: guid(dataCollectionRule.id, principalId, roleIds.monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.monitoringMetricsPublisher)
  }
}

// Named by the workspace alone: two deployments that write into one table share the rules, or each incident would be alerted twice.
resource alertOfIncidents 'Microsoft.SecurityInsights/alertRules@2025-09-01' = {
  scope: workspace
  name: guid(workspace.id, rows.table, 'new-incidents')
  kind: 'Scheduled'
  properties: {
    displayName: 'Correlated incidents'
    description: 'An incident for each new row of ${rows.table}: one alert for an id, ever, with its host and account.'
    enabled: true
    severity: 'Medium'
    query: newIncidents
    queryFrequency: queryFrequency
    queryPeriod: queryPeriod
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
    tactics: []
    techniques: []
    eventGroupingSettings: {
      aggregationKind: 'AlertPerResult'
    }
    // The title is the hunting rule's name: with more than 50 different ones in a run, Sentinel would drop all of these.
    // https://learn.microsoft.com/azure/sentinel/customize-alert-details
    alertDetailsOverride: {
      alertDisplayNameFormat: '{{IncidentTitle}}'
      alertDescriptionFormat: '{{Description}}'
      alertSeverityColumnName: 'Severity'
      alertTacticsColumnName: 'Tactics'
    }
    customDetails: {
      IncidentId: 'IncidentId'
      RuleId: 'RuleId'
      Match: 'Match'
      SourceWorkspaceId: 'SourceWorkspaceId'
      BinStart: 'BinStart'
      BinEnd: 'BinEnd'
    }
    entityMappings: [
      {
        entityType: 'Host'
        fieldMappings: [
          {
            identifier: 'HostName'
            columnName: 'HostName'
          }
          {
            identifier: 'DnsDomain'
            columnName: 'HostDnsDomain'
          }
          {
            identifier: 'NTDomain'
            columnName: 'HostNTDomain'
          }
        ]
      }
      {
        entityType: 'Account'
        fieldMappings: [
          {
            identifier: 'Name'
            columnName: 'AccountName'
          }
          {
            identifier: 'NTDomain'
            columnName: 'AccountNTDomain'
          }
          {
            identifier: 'UPNSuffix'
            columnName: 'AccountUPNSuffix'
          }
        ]
      }
    ]
    incidentConfiguration: {
      createIncident: true
      groupingConfiguration: {
        enabled: false
        reopenClosedIncident: false
        lookbackDuration: 'PT5H'
        matchingMethod: 'AllEntities'
        groupByEntities: []
        groupByAlertDetails: []
        groupByCustomDetails: []
      }
    }
  }
  dependsOn: [table]
}

resource alertOfMany 'Microsoft.SecurityInsights/alertRules@2025-09-01' = {
  scope: workspace
  name: guid(workspace.id, rows.table, 'many-new-incidents')
  kind: 'Scheduled'
  properties: {
    displayName: 'More correlated incidents in one run than Sentinel makes alerts for'
    description: 'More than 149 ids were new in one run. A run makes at most 150 alerts, and the last of them stands for all the rest: look for those in ${rows.table}.'
    enabled: true
    severity: 'High'
    query: manyNewIncidents
    queryFrequency: queryFrequency
    queryPeriod: queryPeriod
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
    tactics: []
    techniques: []
    eventGroupingSettings: {
      aggregationKind: 'SingleAlert'
    }
    customDetails: {
      NewIncidents: 'NewIncidents'
      Hosts: 'Hosts'
      Accounts: 'Accounts'
    }
    incidentConfiguration: {
      createIncident: true
      groupingConfiguration: {
        enabled: false
        reopenClosedIncident: false
        lookbackDuration: 'PT5H'
        matchingMethod: 'AllEntities'
        groupByEntities: []
        groupByAlertDetails: []
        groupByCustomDetails: []
      }
    }
  }
  dependsOn: [table]
}

@description('Where rows are sent.')
output endpoint string = dataCollectionRule.properties.endpoints.logsIngestion

@description('Id by which senders name the collection rule.')
output ruleId string = dataCollectionRule.properties.immutableId

@description('Stream that takes the rows.')
output stream string = rows.stream
