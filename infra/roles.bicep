// Every right that is given to anybody, in one file. docs/security.md has one row for each, under the same name.

@description('The object id of the app\'s identity.')
param principalId string

@description('The name of the storage account.')
param storageName string

@description('The table the ledger is in.')
param ledgerTable string

@description('The name of the Service Bus namespace.')
param busName string

@description('The name of the Application Insights resource.')
param insightsName string

@description('The name of the function app.')
param appName string

@description('How the platform may learn how many messages wait: Counts, a role made here that reads descriptions and counts of queues and nothing else; Owner, Azure Service Bus Data Owner, the role that is documented for it; None, which scales by peeking, more slowly.')
@allowed(['Counts', 'Owner', 'None'])
param scaleBy string = 'Counts'

@description('The object id of the identity that deploys new versions. Empty: whoever owns the resource group deploys.')
param deployerPrincipalId string = ''

@description('The object id of the person or group that sends requests, sends dead letters back, receives outcomes and reads counts, with `ungroup` or the portal. Empty: nobody.')
param operatorPrincipalId string = ''

@description('What operatorPrincipalId is.')
@allowed(['Group', 'User', 'ServicePrincipal'])
param operatorPrincipalType string = 'Group'

var hasOperator = !empty(operatorPrincipalId)

var roleIds = {
  busOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
  busReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  busSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  websiteContributor: 'de139f84-1756-47ae-9be6-808fbbe84772'
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName

  resource tables 'tableServices' existing = {
    name: 'default'

    resource ledger 'tables' existing = {
      name: ledgerTable
    }
  }
}

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: busName

  resource removals 'queues' existing = {
    name: 'removals'
  }

  resource removalsIncident 'queues' existing = {
    name: 'removals-incident'
  }

  resource removalsJobs 'queues' existing = {
    name: 'removals-jobs'
  }

  resource outcomes 'topics' existing = {
    name: 'outcomes'
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName
}

resource removalsReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::removals.id, principalId, roleIds.busReceiver)
  scope: bus::removals
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busReceiver)
  }
}

resource removalsIncidentReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::removalsIncident.id, principalId, roleIds.busReceiver)
  scope: bus::removalsIncident
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busReceiver)
  }
}

resource removalsJobsReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::removalsJobs.id, principalId, roleIds.busReceiver)
  scope: bus::removalsJobs
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busReceiver)
  }
}

resource removalsSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::removals.id, principalId, roleIds.busSender)
  scope: bus::removals
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busSender)
  }
}

resource removalsIncidentSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::removalsIncident.id, principalId, roleIds.busSender)
  scope: bus::removalsIncident
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busSender)
  }
}

resource removalsJobsSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::removalsJobs.id, principalId, roleIds.busSender)
  scope: bus::removalsJobs
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busSender)
  }
}

resource outcomesSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bus::outcomes.id, principalId, roleIds.busSender)
  scope: bus::outcomes
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busSender)
  }
}

// No data action: whoever has it learns names, settings and counts, and reads, sends or changes nothing.
resource countsRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (scaleBy == 'Counts' || hasOperator) {
  name: guid(resourceGroup().id, 'ungroup-counts')
  properties: {
    roleName: 'Ungroup counts of ${busName}'
    description: 'Reads descriptions and message counts of a Service Bus namespace and of what is in it.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: [
          'Microsoft.ServiceBus/namespaces/read'
          'Microsoft.ServiceBus/namespaces/*/read'
        ]
      }
    ]
  }
}

resource busCounts 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (scaleBy == 'Counts') {
  name: guid(bus.id, principalId, 'counts')
  scope: bus
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: countsRole.id
  }
}

resource busOwner 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (scaleBy == 'Owner') {
  name: guid(bus.id, principalId, roleIds.busOwner)
  scope: bus
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busOwner)
  }
}

resource blobOwner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, principalId, roleIds.blobOwner)
  scope: storage
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.blobOwner)
  }
}

resource ledgerContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::tables::ledger.id, principalId, roleIds.tableContributor)
  scope: storage::tables::ledger
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.tableContributor)
  }
}

resource metricsPublisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, roleIds.metricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.metricsPublisher)
  }
}

resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(app.id, deployerPrincipalId, roleIds.websiteContributor)
  scope: app
  properties: {
    principalId: deployerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.websiteContributor)
  }
}

// A receiver of a queue also looks at, takes and completes its dead letters.
resource operatorRemovalsReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperator) {
  name: guid(bus::removals.id, operatorPrincipalId, roleIds.busReceiver)
  scope: bus::removals
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busReceiver)
  }
}

resource operatorRemovalsIncidentReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperator) {
  name: guid(bus::removalsIncident.id, operatorPrincipalId, roleIds.busReceiver)
  scope: bus::removalsIncident
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busReceiver)
  }
}

resource operatorRemovalsJobsReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperator) {
  name: guid(bus::removalsJobs.id, operatorPrincipalId, roleIds.busReceiver)
  scope: bus::removalsJobs
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busReceiver)
  }
}

resource operatorRemovalsSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperator) {
  name: guid(bus::removals.id, operatorPrincipalId, roleIds.busSender)
  scope: bus::removals
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busSender)
  }
}

resource operatorRemovalsIncidentSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperator) {
  name: guid(bus::removalsIncident.id, operatorPrincipalId, roleIds.busSender)
  scope: bus::removalsIncident
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busSender)
  }
}

resource operatorRemovalsJobsSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperator) {
  name: guid(bus::removalsJobs.id, operatorPrincipalId, roleIds.busSender)
  scope: bus::removalsJobs
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busSender)
  }
}

resource operatorOutcomesReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperator) {
  name: guid(bus::outcomes.id, operatorPrincipalId, roleIds.busReceiver)
  scope: bus::outcomes
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.busReceiver)
  }
}

resource operatorCounts 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasOperator) {
  name: guid(bus.id, operatorPrincipalId, 'counts')
  scope: bus
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: countsRole.id
  }
}
