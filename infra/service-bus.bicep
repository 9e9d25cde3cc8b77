@description('The Service Bus namespace that removal requests and outcomes go through.')
param namespaceName string

@description('Where the namespace lives.')
param location string = resourceGroup().location

@description('Standard is the smallest tier with topics and duplicate detection.')
@allowed(['Standard', 'Premium'])
param tier string = 'Standard'

@description('How long a removal may stay queued. Longer than every deadline (24 hours) and every notBefore in use.')
param removalTimeToLive string = 'P14D'

// Waits are scheduled copies and burn no delivery, so ten deliveries mean ten crashed workers.
var maxDeliveryCount = 10

// The function host renews locks for up to six minutes; a short lock brings a dead worker's messages back soon.
var lockDuration = 'PT1M'

// An outcome that is told twice is mostly told twice within minutes: by a redelivery after a crash, or by the sweep.
var duplicateDetectionWindow = 'PT10M'

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  sku: {
    name: tier
    tier: tier
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

// An incident has a queue of its own, so that it never waits behind a clean-up.
resource removals 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for name in ['removals', 'removals-incident']: {
    parent: bus
    name: name
    properties: {
      lockDuration: lockDuration
      maxDeliveryCount: maxDeliveryCount
      defaultMessageTimeToLive: removalTimeToLive
      deadLetteringOnMessageExpiration: true
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
    defaultMessageTimeToLive: 'P14D'
  }
}

resource everything 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: outcomes
  name: 'everything'
  properties: {
    maxDeliveryCount: maxDeliveryCount
    deadLetteringOnMessageExpiration: true
  }
}

@description('The host name of the namespace: ServiceBus__fullyQualifiedNamespace of the function app.')
output fullyQualifiedNamespace string = '${bus.name}.servicebus.windows.net'
