@description('The Service Bus namespace that removal requests and outcomes go through.')
param namespaceName string

@description('Where the namespace lives.')
param location string = resourceGroup().location

@description('Standard is the smallest tier with topics and duplicate detection. Private endpoints need Premium.')
@allowed(['Standard', 'Premium'])
param tier string = 'Standard'

@description('Whether the namespace answers outside its private endpoints. Only Premium can be closed.')
param isPublic bool = true

@description('How long a removal may stay queued. Longer than every deadline (24 hours) and every notBefore in use.')
param removalTimeToLive string = 'P14D'

@description('How long an outcome nobody fetches is kept. A full topic would take no more; the ledger has them all, for longer.')
param outcomeTimeToLive string = 'P7D'

@description('The workspace that operational logs go to. None where empty.')
param workspaceId string = ''

@description('Tags of the namespace.')
param tags object = {}

// Waits are scheduled copies and burn no delivery, so ten deliveries mean ten crashed workers.
var maxDeliveryCount = 10

// The longest call is 66 seconds, and a lease in the ledger is two minutes. A lock as long as the lease sees a whole call through
// although no renewal arrives, and gives a dead worker's message back just when its lease is over. Live workers renew theirs.
var lockDuration = 'PT2M'

// An outcome that is told twice is mostly told twice within minutes: by a redelivery after a crash, or by the sweep.
var duplicateDetectionWindow = 'PT10M'

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: {
    name: tier
    tier: tier
    capacity: tier == 'Premium' ? 1 : null
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
  }
}

// An incident has a queue of its own, so that it never waits behind a clean-up. So have jobs: a delivery there may plan for four minutes,
// and would keep a place from removals meanwhile. Its messages carry a name and nothing else; one that is lost is sent again by the sweep.
//
// No duplicate detection here: the ledger detects duplicates, for 30 days, and answers them with the stored outcome. The broker
// would drop them without a word. Worse, a request that is sent again counts its postponed copies from 1 again, so that their ids
// (`<id>~<n>`) repeat: the broker would take the copy, keep nothing, and the original would then be completed.
resource removals 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for name in ['removals', 'removals-incident', 'removals-jobs']: {
    parent: bus
    name: name
    properties: {
      lockDuration: lockDuration
      maxDeliveryCount: maxDeliveryCount
      defaultMessageTimeToLive: removalTimeToLive
      deadLetteringOnMessageExpiration: true
      requiresDuplicateDetection: false
      requiresSession: false

      // The most that Standard has. A full queue refuses requests at the sender; an empty one costs the same.
      maxSizeInMegabytes: 5120
    }
  }
]

// An outcome may be sent twice under the same id; whoever subscribes here sees it once.
resource outcomes 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: bus
  name: 'outcomes'
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: duplicateDetectionWindow
    defaultMessageTimeToLive: outcomeTimeToLive
    maxSizeInMegabytes: 5120
  }
}

resource all 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: outcomes
  name: 'all'
  properties: {
    maxDeliveryCount: maxDeliveryCount
    deadLetteringOnMessageExpiration: false
  }
}

// Whatever left a resource where it was, or where it should not be, for whom that is news. `Broken` is the status of
// ungroup.containment.Broken.v1: a contained resource is no longer alone in its isolation group. `Stopped` is that of a job.
resource failures 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: outcomes
  name: 'failures'
  properties: {
    maxDeliveryCount: maxDeliveryCount
    deadLetteringOnMessageExpiration: false
  }
}

// Named as the rule that lets everything through, which it replaces.
resource notDone 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = {
  parent: failures
  name: '$Default'
  properties: {
    filterType: 'SqlFilter'
    sqlFilter: {
      sqlExpression: 'status IN (\'Failed\', \'Rejected\', \'Refused\', \'Expired\', \'PartlyContained\', \'PartlyRestored\', \'Broken\', \'Stopped\')'
    }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(workspaceId)) {
  name: 'logs'
  scope: bus
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

@description('The name of the namespace.')
output name string = bus.name

@description('The resource id of the namespace.')
output id string = bus.id

@description('The host name of the namespace: ServiceBus__fullyQualifiedNamespace of the function app.')
output fullyQualifiedNamespace string = '${bus.name}.servicebus.windows.net'
