@description('What the names of the alerts begin with.')
param prefix string

@description('Where log alerts live.')
param location string = resourceGroup().location

@description('Who is told. Empty: alerts show in the portal and tell nobody.')
param email string = ''

@description('The resource id of the Service Bus namespace.')
param busId string

@description('The resource id of the Log Analytics workspace.')
param workspaceId string

@description('From how many messages on, for a quarter of an hour without a pause, a queue is called long.')
param longQueue int = 500

@description('For how long messages may lie there without any outcome.')
@allowed(['PT15M', 'PT30M', 'PT1H'])
param silence string = 'PT30M'

@description('Tags of everything here.')
param tags object = {}

var queues = ['removals', 'removals-incident', 'removals-jobs']
var patience = [
  {
    name: 'removals'
    window: 'PT1H'
    severity: 3
  }
  {
    name: 'removals-incident'
    window: 'PT5M'
    severity: 1
  }
]
var metrics = 'Microsoft.ServiceBus/namespaces'
var actions = empty(email) ? [] : [{ actionGroupId: operators.id }]
var actionGroups = empty(email) ? [] : [operators.id]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: '${prefix}-operators'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'ungroup'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// Fires for each new letter, also while older ones lie there: it looks at what was dead-lettered, not at how many there are, and has
// no state. By the time of ingestion, so that what comes late counts once and not never.
resource newDeadLetter 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}-new-dead-letter'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${prefix}: a request was dead-lettered'
    description: 'A request could not be read, or its key belongs to another request. See "A message in the dead-letter queue" in docs/operating.md.'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    overrideQueryTimeRange: 'PT1H'
    autoMitigate: false
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '''
AppMetrics
| where ingestion_time() > ago(5m)
| where Name == "ungroup.settlements" and tostring(Properties.settlement) == "DeadLetter"
| summarize Letters = sum(Sum)
| where Letters > 0
'''
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: actionGroups
    }
  }
}

// The broker sets messages aside as well, of which no worker knows. Their number alone says nothing of new ones, so that it is told
// again every hour for as long as letters lie there.
resource deadLettersLeft 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-dead-letters-left'
  location: 'global'
  tags: tags
  properties: {
    description: 'Dead letters still lie there. Replay or drop them: see "A message in the dead-letter queue" in docs/operating.md.'
    severity: 3
    enabled: true
    scopes: [busId]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    autoMitigate: false
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'left'
          metricNamespace: metrics
          metricName: 'DeadletteredMessages'
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: queues
            }
          ]
          timeAggregation: 'Minimum'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: actions
  }
}

// A host that is half contained is one that somebody takes for contained. By the time of ingestion, as above.
resource notContained 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}-not-contained'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${prefix}: a host is not contained, or not restored, as asked'
    description: 'PartlyContained, PartlyRestored, or a contained host that is no longer alone in its isolation group (Broken). See "When it is not contained" in docs/playbooks.md.'
    severity: 1
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    overrideQueryTimeRange: 'PT1H'
    autoMitigate: false
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '''
AppMetrics
| where ingestion_time() > ago(5m)
| where Name == "ungroup.outcomes" and tostring(Properties.status) in ("PartlyContained", "PartlyRestored", "Broken")
| summarize Outcomes = sum(Sum)
| where Outcomes > 0
'''
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: actionGroups
    }
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'A message was dead-lettered: a request could not be read, its key belongs to another one, or a worker died ten times with a request or with a job. See "A message in the dead-letter queue" in docs/operating.md.'
    severity: 2
    enabled: true
    scopes: [busId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead'
          metricNamespace: metrics
          metricName: 'DeadletteredMessages'
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: queues
            }
          ]
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: actions
  }
}

resource backlog 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-backlog'
  location: 'global'
  tags: tags
  properties: {
    description: 'More messages wait than are worked off. A quota that is used up (503 in the log), or an app that does not scale.'
    severity: 3
    enabled: true
    scopes: [busId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'long'
          metricNamespace: metrics
          metricName: 'ActiveMessages'
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: queues
            }
          ]
          timeAggregation: 'Minimum'
          operator: 'GreaterThan'
          threshold: longQueue
        }
      ]
    }
    actions: actions
  }
}

// The nearest thing to the age of the oldest message, for which Service Bus has no metric: a queue that is not empty for a moment.
resource neverEmpty 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for queue in patience: {
    name: '${prefix}-never-empty-${queue.name}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Messages have waited in ${queue.name} without a pause. In removals-incident that is a host that should be isolated and is not.'
      severity: queue.severity
      enabled: true
      scopes: [busId]
      evaluationFrequency: 'PT1M'
      windowSize: queue.window
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'waiting'
            metricNamespace: metrics
            metricName: 'ActiveMessages'
            dimensions: [
              {
                name: 'EntityName'
                operator: 'Include'
                values: [queue.name]
              }
            ]
            timeAggregation: 'Minimum'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: actions
    }
  }
]

// Both by the broker's own count, so that it also speaks up where the app says nothing at all. Messages that were postponed are
// scheduled, not active: a closed gate is no silence.
resource noOutcomes 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for queue in queues: {
    name: '${prefix}-no-outcomes-${queue}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Messages lie in ${queue} and nothing is told on outcomes: the app does not start, or cannot reach the bus, the ledger or ECS.'
      severity: 1
      enabled: true
      scopes: [busId]
      evaluationFrequency: 'PT5M'
      windowSize: silence
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'waiting'
            metricNamespace: metrics
            metricName: 'ActiveMessages'
            dimensions: [
              {
                name: 'EntityName'
                operator: 'Include'
                values: [queue]
              }
            ]
            timeAggregation: 'Minimum'
            operator: 'GreaterThan'
            threshold: 0
          }
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'silent'
            metricNamespace: metrics
            metricName: 'IncomingMessages'
            dimensions: [
              {
                name: 'EntityName'
                operator: 'Include'
                values: ['outcomes']
              }
            ]
            timeAggregation: 'Total'
            operator: 'LessThan'
            threshold: 1
          }
        ]
      }
      actions: actions
    }
  }
]

resource busThrottles 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-bus-throttles'
  location: 'global'
  tags: tags
  properties: {
    description: 'Service Bus itself refuses calls: more than a thousand credits a second on Standard. Locks may be lost meanwhile; the ledger absorbs what comes twice.'
    severity: 3
    enabled: true
    scopes: [busId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: metrics
          metricName: 'ThrottledRequests'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: actions
  }
}

// A quota is found out at the end of a minute and closed for less than a second then, and when it was used up for less than a minute.
// What stays closed for five is a circuit: of a group, a region, a permission or an account.
resource gateClosed 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}-gate-closed'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${prefix}: a circuit stays closed'
    description: 'What this circuit is about is not called, messages wait, none is burned. The reason says what to fix; see "What is closed?" in docs/operating.md.'
    severity: 1
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '''
AppMetrics
| where Name == "ungroup.gates.closed" and Sum > 0
| extend Gate = tostring(Properties.gate), Reason = tostring(Properties.reason)
| summarize Minutes = dcount(bin(TimeGenerated, 1m)) by Gate, Reason
| where Minutes >= 5
'''
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'Gate'
              operator: 'Include'
              values: ['*']
            }
            {
              name: 'Reason'
              operator: 'Include'
              values: ['*']
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: actionGroups
    }
  }
}

resource quotaUsedByOthers 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}-quota-used-by-others'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${prefix}: others use the quota'
    description: 'ECS refuses calls below what the quota was known to be: somebody else uses it, or it has shrunk. The refusal a minute with which a quota is learned does not count. See "Pace" in docs/operating.md.'
    severity: 3
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '''
AppMetrics
| where Name == "ungroup.quota.consumed_by_others"
| summarize Refused = sum(Sum)
| where Refused > 0
'''
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: actionGroups
    }
  }
}

resource defects 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}-defects'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${prefix}: a defect'
    description: 'The worker met something nobody foresaw (101 in the log, with the stack), or ended a request whose message is gone (603).'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '''
union AppTraces, AppExceptions
| where tostring(Properties.EventId) in ("101", "603")
'''
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: actionGroups
    }
  }
}

resource mostPerHour 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}-most-per-hour'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${prefix}: clean-ups are held'
    description: 'Clean-ups of an account have changed as many resources of a group as Guardrails:MostPerHour allows in an hour (303 in the log). The others wait for the next hour, or for ungroup resume. Is it meant to be so many?'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '''
union AppTraces, AppExceptions
| where tostring(Properties.EventId) == "303"
'''
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: actionGroups
    }
  }
}
