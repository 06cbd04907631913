// Azure Monitor alerts on the app's own log lines, docs/operate.md says what each of them means.

@description('Region of the alert rules.')
param location string

@description('What ends the names of the alert rules.')
param nameSuffix string

@description('Tags of the alert rules.')
param tags object

@description('Resource id of the workspace that holds the telemetry of the app.')
param workspaceId string

@description('Resource id of the action group that is told; empty: alerts are raised and nobody is told.')
param actionGroupId string

@description('Minutes between two cycles.')
param cycleMinutes int

@description('How many minutes a closed bin may wait for its first whole evaluation.')
param uncoveredLimitMinutes int

@description('How many minutes an incident may wait for its way into Sentinel.')
param lateLimitMinutes int

@description('Whether incidents are carried on into Sentinel.')
param ingests bool

var lines = loadTextContent('../alerts/lines.kql')

var always = [
  {
    name: 'no-successful-cycle'
    title: 'Hunt: no successful cycle for three periods'
    query: loadTextContent('../alerts/no-successful-cycle.kql')
    severity: 1
    windowMinutes: 3 * cycleMinutes
    // Each run of the alert rule looks at three periods already.
    evaluations: 1
  }
  {
    name: 'uncovered-bin'
    title: 'Hunt: a closed bin waits for its evaluation for more than ${uncoveredLimitMinutes} minutes'
    query: 'let limitMinutes = ${uncoveredLimitMinutes};\n${loadTextContent('../alerts/uncovered-bin.kql')}'
    severity: 2
    windowMinutes: 3 * cycleMinutes
    evaluations: 3
  }
  {
    name: 'failing-bins'
    title: 'Hunt: bins fail again and again'
    query: loadTextContent('../alerts/failing-bins.kql')
    severity: 2
    windowMinutes: 3 * cycleMinutes
    evaluations: 3
  }
  {
    name: 'failed-function'
    title: 'Hunt: a function failed'
    query: loadTextContent('../alerts/failed-function.kql')
    severity: 2
    windowMinutes: 3 * cycleMinutes
    evaluations: 1
  }
  {
    name: 'dead-letters'
    title: 'Hunt: messages went to the dead letters'
    query: loadTextContent('../alerts/dead-letters.kql')
    severity: 2
    windowMinutes: 3 * cycleMinutes
    evaluations: 1
  }
]

var intoSentinel = [
  {
    name: 'late-into-sentinel'
    title: 'Hunt: incidents do not reach Sentinel in time'
    query: 'let limitMinutes = ${lateLimitMinutes};\n${loadTextContent('../alerts/late-into-sentinel.kql')}'
    severity: 2
    windowMinutes: 120
    evaluations: 1
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in (ingests ? concat(always, intoSentinel) : always): {
    name: 'hunt-${rule.name}-${nameSuffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: 'What it means and what to do: docs/operate.md, "${rule.name}".'
      enabled: true
      severity: rule.severity
      scopes: [workspaceId]
      evaluationFrequency: 'PT${cycleMinutes}M'
      // Whole hours as hours, the form in which Azure gives them back.
      windowSize: rule.windowMinutes % 60 == 0 ? 'PT${rule.windowMinutes / 60}H' : 'PT${rule.windowMinutes}M'
      criteria: {
        allOf: [
          {
            query: '${lines}${rule.query}'
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: rule.evaluations
              minFailingPeriodsToAlert: rule.evaluations
            }
          }
        ]
      }
      autoMitigate: true
      // The tables that it reads come into being with the first telemetry, which comes after this.
      skipQueryValidation: true
      actions: {
        actionGroups: empty(actionGroupId) ? [] : [actionGroupId]
      }
    }
  }
]
